import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { createClient } from './test-server.ts';

type Client = ReturnType<typeof createClient>;
type Creation = Awaited<ReturnType<Client['passkeys']['startRegistration']['mutate']>>;
type Request = Awaited<ReturnType<Client['passkeys']['startLogin']['mutate']>>;

const flags = { userPresent: 0x01, userVerified: 0x04, hasKey: 0x40 };
const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest();
const encode = (data: Buffer | string) => Buffer.from(data).toString('base64url');

/** An ES256 key as COSE has it: a map of five in CBOR, written by hand. */
function encodeKey({ x = '', y = '' }: { x?: string; y?: string }): Buffer {
  const bytes = (text: string) =>
    Buffer.concat([Buffer.from('5820', 'hex'), Buffer.from(text, 'base64url')]);
  return Buffer.concat([
    Buffer.from('a501020326200121', 'hex'),
    bytes(x),
    Buffer.from('22', 'hex'),
    bytes(y),
  ]);
}

/** `{fmt: 'none', attStmt: {}, authData}` in CBOR. */
function encodeAttestation(data: Buffer): Buffer {
  const length = Buffer.from([0x59, data.length >> 8, data.length & 0xff]);
  const head = Buffer.concat([
    Buffer.from([0xa3, 0x63]),
    Buffer.from('fmt'),
    Buffer.from([0x64]),
    Buffer.from('none'),
    Buffer.from([0x67]),
    Buffer.from('attStmt'),
    Buffer.from([0xa0, 0x68]),
    Buffer.from('authData'),
  ]);
  return Buffer.concat([head, length, data]);
}

/**
 * A device that holds one passkey, and the browser in front of it.
 *
 * @param origin the site that the browser shows
 * @param checksUser whether it asks for a finger or a PIN
 */
export function openDevice(origin: string, { checksUser = true } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const named = { id: encode(id), rawId: encode(id), type: 'public-key' as const };
  let counter = 0;
  let userHandle = '';

  function writeData(host: string | undefined, more: number, rest = Buffer.alloc(0)): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const set = flags.userPresent | (checksUser ? flags.userVerified : 0) | more;
    return Buffer.concat([
      sha256(host ?? new URL(origin).hostname),
      Buffer.from([set]),
      count,
      rest,
    ]);
  }

  const writeClientData = (type: string, challenge: string) =>
    JSON.stringify({ type, challenge, origin, crossOrigin: false });

  return {
    id: named.id,
    /** Its next signature says that this many were made. */
    setCounter: (value: number) => {
      counter = value;
    },
    create({ challenge, rp, user }: Creation) {
      userHandle = user.id;
      const key = encodeKey(publicKey.export({ format: 'jwk' }));
      const length = Buffer.from([0, id.length]);
      const rest = Buffer.concat([Buffer.alloc(16), length, id, key]);
      const attestation = encodeAttestation(writeData(rp.id, flags.hasKey, rest));
      return {
        ...named,
        clientExtensionResults: {},
        response: {
          clientDataJSON: encode(writeClientData('webauthn.create', challenge)),
          attestationObject: encode(attestation),
          transports: ['internal'],
        },
      };
    },
    sign({ challenge, rpId }: Pick<Request, 'challenge' | 'rpId'>) {
      const clientData = writeClientData('webauthn.get', challenge);
      const data = writeData(rpId, 0);
      const signed = Buffer.concat([data, sha256(clientData)]);
      return {
        ...named,
        clientExtensionResults: {},
        response: {
          clientDataJSON: encode(clientData),
          authenticatorData: encode(data),
          signature: encode(sign('sha256', signed, privateKey)),
          userHandle,
        },
      };
    },
  };
}

export type Device = ReturnType<typeof openDevice>;

/** Adds the passkey of a device, and returns what the site answers. */
export async function addPasskey(client: Client, device: Device, name?: string) {
  const options = await client.passkeys.startRegistration.mutate();
  const response = device.create(options);
  return client.passkeys.finishRegistration.mutate({ response, ...(name && { name }) });
}

/** Logs in with the passkey of a device. */
export async function usePasskey(client: Client, device: Device, choices: object = {}) {
  const options = await client.passkeys.startLogin.mutate();
  return client.passkeys.finishLogin.mutate({ response: device.sign(options), ...choices });
}

/** Proves with the passkey of a device who is signed in. */
export async function proveWith(client: Client, device: Device) {
  const options = await client.passkeys.startProof.mutate();
  return client.passkeys.finishProof.mutate({ response: device.sign(options) });
}
