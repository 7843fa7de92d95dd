/** Digests that other programs use in PBKDF2. */
const digests = ['sha1', 'sha256', 'sha512'] as const;
type Digest = (typeof digests)[number];

/** A hash of another program, in a form that the database takes. */
export type ForeignHash =
  | { scheme: 'bcrypt'; text: string; cost: number }
  | {
      scheme: 'pbkdf2';
      digest: Digest;
      iterations: number;
      salt: Uint8Array;
      key: Uint8Array;
    };

const bcryptPattern = /^\$2[aby]\$(\d{2})\$[./A-Za-z0-9]{53}$/;
const pbkdf2Pattern =
  /^\$pbkdf2-(sha1|sha256|sha512)\$i=([1-9]\d{0,7})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Dearer ones would let one log-in hold a worker thread for many seconds. */
const BCRYPT_COSTS = { least: 4, most: 14 };
const MOST_ITERATIONS = 5_000_000;
/** Of a password this long it cannot be told whether the hash was made of more. */
const BCRYPT_BYTES = 72;

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');

/** Writes a PBKDF2 hash as `$pbkdf2-sha256$i=600000$SALT$KEY`, in base64 without padding. */
export function formatPbkdf2(
  digest: string,
  iterations: number,
  salt: Uint8Array,
  key: Uint8Array,
): string {
  return `$pbkdf2-${digest}$i=${iterations}$${toBase64(salt)}$${toBase64(key)}`;
}

/** Reads a stored hash of bcrypt or PBKDF2, or gives null when it is anything else or too dear. */
export function parseForeignHash(text: string): ForeignHash | null {
  const cost = Number(bcryptPattern.exec(text)?.[1]);
  if (cost >= BCRYPT_COSTS.least && cost <= BCRYPT_COSTS.most) {
    return { scheme: 'bcrypt', text, cost };
  }
  const [, name, count, salt, key] = pbkdf2Pattern.exec(text) ?? [];
  const digest = digests.find((known) => known === name);
  if (!digest || salt === undefined || key === undefined) return null;
  const iterations = Number(count);
  if (iterations > MOST_ITERATIONS) return null;
  return {
    scheme: 'pbkdf2',
    digest,
    iterations,
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/**
 * Whether a hash would be another one for each other password than this, which it matches. Where it
 * is not, somebody else's typing error matches too, and must not become the password: bcrypt looks at
 * 72 bytes and repeats shorter passwords with a NUL between, and HMAC, inside PBKDF2, fills short ones
 * up with NULs.
 */
export function fitsAlone({ scheme }: ForeignHash, password: string): boolean {
  if (password.includes('\0')) return false;
  return scheme === 'pbkdf2' || Buffer.byteLength(password) < BCRYPT_BYTES;
}
