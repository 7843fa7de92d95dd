import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const REMOVE_ATTEMPTS = 40;
const RETRY_DELAY_MILLISECONDS = 50;

/** Makes a folder that is gone when this process has ended, by Ctrl-C or SIGTERM too. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), prefix));
  process.once('exit', () => removeNow(folder));
  return folder;
}

/** Tries again for a while, because a server that is just stopping still writes there. */
function removeNow(folder: string): void {
  for (let attempt = 1; existsSync(folder) && attempt <= REMOVE_ATTEMPTS; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Not empty again: the next attempt may be luckier, and a folder left over does no harm.
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY_MILLISECONDS);
  }
}
