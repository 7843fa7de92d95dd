import { Secret, TOTP } from 'otpauth';
import type { createClient } from './test-server.ts';

const STEP_MS = 30_000;

/** An authenticator app that holds this secret. */
export function openApp(secret: string) {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  /** @param steps of 30 seconds from now */
  const showCode = (steps = 0) => totp.generate({ timestamp: Date.now() + steps * STEP_MS });
  return { showCode };
}

/** Sets an authenticator app up, and returns it with the recovery codes. */
export async function setUpApp(client: ReturnType<typeof createClient>) {
  const { secret } = await client.factors.startAuthenticator.mutate();
  const app = openApp(secret);
  // A step early, so that the present one is still to be used.
  const code = app.showCode(-1);
  const { recoveryCodes } = await client.factors.confirmAuthenticator.mutate({ code });
  return { ...app, recoveryCodes };
}
