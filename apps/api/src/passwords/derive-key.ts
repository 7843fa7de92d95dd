import { scryptSync } from 'node:crypto';
import scryptJs from 'scrypt-js';
import type { ScryptCost } from './phc-string.ts';

export type ScryptEngine = 'native' | 'scrypt-js';
export type DeriveKeyTask = {
  engine: ScryptEngine;
  password: string;
  salt: Uint8Array;
  cost: ScryptCost;
  keyLength: number;
};

/**
 * scrypt (RFC 7914), the same bytes from either engine. It blocks its thread: the server runs it in
 * worker threads alone.
 */
export default function deriveKey({ engine, password, salt, cost, keyLength }: DeriveKeyTask) {
  const N = 2 ** cost.log2N;
  const { r, p } = cost;
  if (engine === 'scrypt-js') {
    return scryptJs.syncScrypt(Buffer.from(password), salt, N, r, p, keyLength);
  }
  // Node refuses above 32 MiB unless told; it counts the blocks and a little more for itself.
  const maxmem = 128 * r * (N + p + 2);
  return new Uint8Array(scryptSync(password, salt, keyLength, { N, r, p, maxmem }));
}
