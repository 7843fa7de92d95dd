import { hash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A new secret: 256 random bits, in base64url. It goes to its person and nowhere else. */
export function generateToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/**
 * What the database keeps of a token: its SHA-256 in hex. A fast hash is enough for 256 random bits,
 * and looking a row up by it gives no timing to learn from.
 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}
