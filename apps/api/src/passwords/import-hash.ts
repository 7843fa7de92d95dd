import { formatPbkdf2, parseForeignHash } from './foreign-hash.ts';
import { formatPhcString, isWorkable, parsePhcString } from './phc-string.ts';

/** A hash in the form that the database keeps, or why there is none. */
export type ImportedHash = { stored: string } | { reason: string };

const knownForms =
  'Known are scrypt and PBKDF2 as PHC strings, bcrypt, and the scrypt and PBKDF2 of Werkzeug, Django and Passlib';
const SALT_MAX_BYTES = 64;

const digestBytes: Record<string, number> = { sha1: 20, sha256: 32, sha512: 64 };

/** Werkzeug's and Django's salts are text, and its bytes are what was hashed. */
const bytesOf = (salt: string) => Buffer.from(salt, 'utf8');

function fromPbkdf2(digest: string, iterations: string, salt: Buffer, key: Buffer): string | null {
  if (key.length !== digestBytes[digest] || salt.length > SALT_MAX_BYTES) return null;
  return formatPbkdf2(digest, Number(iterations), salt, key);
}

function fromScrypt(N: string, r: string, p: string, salt: Buffer, key: Buffer): string | null {
  const log2N = Math.log2(Number(N));
  if (!Number.isInteger(log2N)) return null;
  return formatPhcString({ cost: { log2N, r: Number(r), p: Number(p) }, salt, key });
}

const readers: ((text: string) => string | null | undefined)[] = [
  // Werkzeug: pbkdf2:sha256:600000$SALT$HEX
  (text) => {
    const match = /^pbkdf2:(sha1|sha256|sha512):(\d+)\$([^$]+)\$([0-9a-f]+)$/.exec(text);
    if (!match) return undefined;
    const [, digest = '', iterations = '', salt = '', key = ''] = match;
    return fromPbkdf2(digest, iterations, bytesOf(salt), Buffer.from(key, 'hex'));
  },
  // Werkzeug: scrypt:32768:8:1$SALT$HEX
  (text) => {
    const match = /^scrypt:(\d+):(\d+):(\d+)\$([^$]+)\$([0-9a-f]+)$/.exec(text);
    if (!match) return undefined;
    const [, N = '', r = '', p = '', salt = '', key = ''] = match;
    return fromScrypt(N, r, p, bytesOf(salt), Buffer.from(key, 'hex'));
  },
  // Django: pbkdf2_sha256$600000$SALT$BASE64
  (text) => {
    const match = /^pbkdf2_(sha1|sha256)\$(\d+)\$([^$]+)\$([A-Za-z0-9+/]+=*)$/.exec(text);
    if (!match) return undefined;
    const [, digest = '', iterations = '', salt = '', key = ''] = match;
    return fromPbkdf2(digest, iterations, bytesOf(salt), Buffer.from(key, 'base64'));
  },
  // Django: scrypt$SALT$16384$8$1$BASE64
  (text) => {
    const match = /^scrypt\$([^$]+)\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9+/]+=*)$/.exec(text);
    if (!match) return undefined;
    const [, salt = '', N = '', r = '', p = '', key = ''] = match;
    return fromScrypt(N, r, p, bytesOf(salt), Buffer.from(key, 'base64'));
  },
  // Passlib: $pbkdf2-sha256$29000$SALT$KEY, in its own base64; without a digest it is SHA-1
  (text) => {
    const match = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d+)\$([./A-Za-z0-9]+)\$([./A-Za-z0-9]+)$/.exec(
      text,
    );
    if (!match) return undefined;
    const [, digest = 'sha1', iterations = '', ...encoded] = match;
    const [salt = '', key = ''] = encoded.map((bytes) => bytes.replaceAll('.', '+'));
    return fromPbkdf2(digest, iterations, Buffer.from(salt, 'base64'), Buffer.from(key, 'base64'));
  },
  // Django: bcrypt$$2b$12$…
  (text) => /^bcrypt\$(\$2[aby]\$.+)$/.exec(text)?.[1],
];

/** Whether a stored hash can be verified at a log-in. */
function isVerifiable(stored: string): boolean {
  const scrypt = parsePhcString(stored);
  return scrypt ? isWorkable(scrypt.cost) : parseForeignHash(stored) !== null;
}

/**
 * Turns a password hash, as other programs export it, into the form that is kept and verified here.
 * The reason for a refusal never repeats the text: it may be a password in the wrong column.
 *
 * @see docs/decisions/0014-imported-hashes.md
 */
export function importHash(text: string): ImportedHash {
  const read = readers.map((reader) => reader(text)).find((result) => result !== undefined);
  const stored = read === undefined ? text : read;
  if (stored !== null && isVerifiable(stored)) return { stored };
  if (text === '') return { reason: 'there is no password hash' };
  if (text.startsWith('!')) {
    return { reason: 'this is Django’s mark of an account without a password' };
  }
  const isKnown = read !== undefined || /^\$(scrypt|2[aby]|pbkdf2-\w+)\$/.test(text);
  return {
    reason: isKnown
      ? 'the password hash is damaged, or its cost is outside of what this server works through'
      : `the password hash has a form that is not known. ${knownForms}`,
  };
}
