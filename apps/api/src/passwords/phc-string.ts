/** scrypt's cost: `2 ** log2N` blocks of `128 * r` bytes, `p` times. */
export type ScryptCost = { log2N: number; r: number; p: number };
export type ScryptHash = { cost: ScryptCost; salt: Uint8Array; key: Uint8Array };

/** Lengths of what is made here. */
export const SALT_BYTES = 16;
export const KEY_BYTES = 32;

const pattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');

/** Writes a hash as `$scrypt$ln=17,r=8,p=1$SALT$KEY`, in base64 without padding. */
export function formatPhcString({ cost, salt, key }: ScryptHash): string {
  return `$scrypt$ln=${cost.log2N},r=${cost.r},p=${cost.p}$${toBase64(salt)}$${toBase64(key)}`;
}

/** Reads a PHC string of scrypt, or gives null when it is anything else. */
export function parsePhcString(text: string): ScryptHash | null {
  const [, log2N, r, p, salt, key] = pattern.exec(text) ?? [];
  if (salt === undefined || key === undefined) return null;
  return {
    cost: { log2N: Number(log2N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/** Time and memory a cost stands for, in blocks: comparable between costs. */
export function countBlocks({ log2N, r, p }: ScryptCost): number {
  return 2 ** log2N * r * p;
}

const MOST_BLOCKS = 2 ** 24;
const MOST_BYTES = 2 ** 30;

/** Whether a cost of unknown origin is one that scrypt takes and that no log-in would choke on. */
export function isWorkable(cost: ScryptCost): boolean {
  const { log2N, r, p } = cost;
  return (
    log2N >= 1 &&
    r >= 1 &&
    p >= 1 &&
    log2N < 16 * r &&
    countBlocks(cost) <= MOST_BLOCKS &&
    128 * r * 2 ** log2N <= MOST_BYTES
  );
}
