import type {
  PublicKeyCredentialCreationOptionsJSON,
  StartAuthenticationOpts,
} from '@simplewebauthn/browser';
import { RefusedError } from './trpc.ts';

/** Only who uses a passkey loads it. */
async function load() {
  if (!('PublicKeyCredential' in window)) throw new RefusedError('passkey-not-supported');
  return import('@simplewebauthn/browser');
}

/** Why the browser gave no passkey, in a message of ours. */
function explain(error: unknown): RefusedError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  switch (cause instanceof Error ? cause.name : '') {
    case 'InvalidStateError':
      return new RefusedError('passkey-exists');
    case 'SecurityError':
    case 'NotSupportedError':
      return new RefusedError('passkey-not-supported');
    case 'NotAllowedError':
    case 'AbortError':
      return new RefusedError('passkey-cancelled');
    default:
      return new RefusedError('passkey-failed');
  }
}

/** Has the browser make a passkey. */
export async function createPasskey(optionsJSON: PublicKeyCredentialCreationOptionsJSON) {
  const { startRegistration } = await load();
  try {
    return await startRegistration({ optionsJSON });
  } catch (error) {
    throw explain(error);
  }
}

/** Has the browser ask for a passkey. */
export async function askForPasskey(options: StartAuthenticationOpts) {
  const { startAuthentication } = await load();
  try {
    return await startAuthentication(options);
  } catch (error) {
    throw explain(error);
  }
}
