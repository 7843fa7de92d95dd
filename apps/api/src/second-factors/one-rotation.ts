import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Stands beside the keys for as long as they are rotated. */
const markOf = (keysPath: string) => `${keysPath}.rotating`;

/** Somebody else rotates the keys, or did and was broken off. */
export class RotationUnderWay extends Error {
  constructor(keysPath: string) {
    super(
      `Another rotate-key is at work. If none is, one was broken off: delete ${markOf(keysPath)} and run rotate-key again. No key was changed.`,
    );
  }
}

/**
 * Keeps a second rotation away: it would not know the key of the first, and could write a file without it.
 * Take it with `using`.
 *
 * @throws {RotationUnderWay}
 */
export function beginRotation(keysPath: string): Disposable {
  const mark = markOf(keysPath);
  mkdirSync(dirname(keysPath), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(mark, `${process.pid}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new RotationUnderWay(keysPath);
    throw error;
  }
  return { [Symbol.dispose]: () => rmSync(mark, { force: true }) };
}
