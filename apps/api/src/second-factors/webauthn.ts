/**
 * What WebAuthn asks of a site, by @simplewebauthn/server. It is loaded when the first passkey is
 * used: most starts do without it (record 59).
 */
import type { Passkey } from '@latchkey/db';
import { SITE_NAME, type PasskeyLoginAnswer, type RegistrationAnswer } from '@latchkey/shared';
import { z } from 'zod';

const load = () => import('@simplewebauthn/server');

/** EdDSA, ES256 and RS256: what every device has one of, and every version of Node verifies. */
const algorithms = [-8, -7, -257];

/** Where passkeys are made and used: the site's origin, whose host name they belong to. */
type Place = { origin: string };
const hostOf = ({ origin }: Place) => new URL(origin).hostname;
const expected = (place: Place, challenge: string) => ({
  expectedChallenge: challenge,
  expectedOrigin: place.origin,
  expectedRPID: hostOf(place),
});

type Descriptor = Pick<Passkey, 'id' | 'transports'>;
const describe = ({ id, transports }: Descriptor) => ({ id, transports });

const clientData = z.object({ challenge: z.string() });

/** The challenge that was signed, as the answer says; null where it says none. */
export function readChallenge({ clientDataJSON }: { clientDataJSON: string }): string | null {
  try {
    const text = Buffer.from(clientDataJSON, 'base64url').toString();
    return clientData.parse(JSON.parse(text)).challenge;
  } catch {
    return null;
  }
}

/** What a browser makes a passkey from. */
export async function describeRegistration(
  place: Place,
  person: { id: string; email: string; name: string },
  { challenge, existing }: { challenge: string; existing: Descriptor[] },
) {
  const { generateRegistrationOptions } = await load();
  const { extensions: _none, ...options } = await generateRegistrationOptions({
    rpName: SITE_NAME,
    rpID: hostOf(place),
    userID: Buffer.from(person.id),
    userName: person.email,
    userDisplayName: person.name,
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: 5 * 60_000,
    attestationType: 'none',
    excludeCredentials: existing.map(describe),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    supportedAlgorithmIDs: algorithms,
  });
  return options;
}

/** What a browser asks its passkeys with; any passkey where none are named. */
export async function describeLogin(
  place: Place,
  {
    challenge,
    allowed,
    userVerification,
  }: {
    challenge: string;
    allowed: Descriptor[];
    /** Whether the device must check who uses it. */
    userVerification: 'required' | 'preferred';
  },
) {
  const { generateAuthenticationOptions } = await load();
  const { extensions: _none, ...options } = await generateAuthenticationOptions({
    rpID: hostOf(place),
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: 5 * 60_000,
    userVerification,
    ...(allowed.length > 0 && { allowCredentials: allowed.map(describe) }),
  });
  return options;
}

export type NewPasskey = Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports' | 'backedUp'>;

/** The passkey that an answer brings, or why it brings none. */
export async function verifyRegistration(
  place: Place,
  challenge: string,
  answer: RegistrationAnswer,
): Promise<NewPasskey | Error> {
  const { verifyRegistrationResponse } = await load();
  const { transports = [], ...parts } = answer.response;
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: answer.id,
        rawId: answer.rawId,
        type: answer.type,
        response: parts,
        clientExtensionResults: {},
      },
      ...expected(place, challenge),
      requireUserVerification: false,
      supportedAlgorithmIDs: algorithms,
    });
    if (!registrationInfo) return new Error('The attestation is not right.');
    const { id, publicKey, counter } = registrationInfo.credential;
    const { credentialBackedUp: backedUp } = registrationInfo;
    const key = Buffer.from(publicKey).toString('base64url');
    return { id, publicKey: key, counter, transports, backedUp };
  } catch (error) {
    return error as Error;
  }
}

export type Signed = Pick<Passkey, 'counter' | 'backedUp'> & {
  /** Whether the device has checked who uses it, by a finger, a face or a PIN. */
  isUserVerified: boolean;
};

/** What a passkey has signed, or why it is worth nothing. The counter is looked at by `noteUse`. */
export async function verifyLogin(
  place: Place,
  challenge: string,
  { answer, passkey }: { answer: PasskeyLoginAnswer; passkey: Passkey },
): Promise<Signed | Error> {
  const { verifyAuthenticationResponse } = await load();
  const { userHandle, ...parts } = answer.response;
  const owner = Buffer.from(passkey.userId).toString('base64url');
  if (userHandle && userHandle !== owner) return new Error('The passkey names somebody else.');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: answer.id,
        rawId: answer.rawId,
        type: answer.type,
        response: parts,
        clientExtensionResults: {},
      },
      ...expected(place, challenge),
      credential: {
        id: passkey.id,
        publicKey: Buffer.from(passkey.publicKey, 'base64url'),
        counter: 0,
      },
      requireUserVerification: false,
    });
    if (!verified) return new Error('The signature is not right.');
    const { newCounter, credentialBackedUp, userVerified } = authenticationInfo;
    return { counter: newCounter, backedUp: credentialBackedUp, isUserVerified: userVerified };
  } catch (error) {
    return error as Error;
  }
}
