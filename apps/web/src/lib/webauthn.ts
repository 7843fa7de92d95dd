import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { RefusedError } from './trpc.ts';

export const canUsePasskeys = (): boolean => 'PublicKeyCredential' in window;

type Options = Parameters<typeof import('@simplewebauthn/browser').startAuthentication>[0];

/** Only who uses a passkey loads it. */
async function load() {
  if (!canUsePasskeys()) throw new RefusedError('passkey-not-supported');
  return import('@simplewebauthn/browser');
}

/** Why the browser gave no passkey, in a message of ours. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name } = error.cause instanceof Error ? error.cause : error;
  if (name === 'InvalidStateError') return new RefusedError('passkey-exists');
  if (name === 'SecurityError' || name === 'NotSupportedError') {
    return new RefusedError('passkey-not-supported');
  }
  const isCancelled = name === 'NotAllowedError' || name === 'AbortError';
  return new RefusedError(isCancelled ? 'passkey-cancelled' : 'passkey-failed');
}

/** Has the browser make a passkey. */
export async function createPasskey(optionsJSON: PublicKeyCredentialCreationOptionsJSON) {
  const { startRegistration } = await load();
  return startRegistration({ optionsJSON }).catch((error: unknown) =>
    Promise.reject(explain(error)),
  );
}

/** Has the browser ask for a passkey. */
export async function askForPasskey(options: Options) {
  const { startAuthentication } = await load();
  return startAuthentication(options).catch((error: unknown) => Promise.reject(explain(error)));
}
