import { rmSync, statSync } from 'node:fs';

/** Which file stands at a path, or null where none does. */
function identify(filePath: string): string | null {
  try {
    const found = statSync(filePath, { throwIfNoEntry: false });
    return found ? `${found.dev}:${found.ino}` : null;
  } catch {
    // A folder on the way that may not be entered, or is none.
    return null;
  }
}

/** How the files of an open database stand: as they were, replaced by others, or gone. */
type Standing = 'same' | 'replaced' | 'gone';

/**
 * Knows the files that a connection has open. SQLite goes on with a file that was deleted or replaced,
 * and what is written then is lost without a word.
 */
export class SqliteFiles {
  readonly #paths: { main: string; beside: string[] };
  #main: string | null = null;
  #beside: (string | null)[] = [];

  constructor(filePath: string) {
    this.#paths = { main: filePath, beside: [`${filePath}-wal`, `${filePath}-shm`] };
  }

  /** Takes the files that are there now for those that are open. */
  remember(): void {
    this.#main = identify(this.#paths.main);
    this.#beside = this.#paths.beside.map(identify);
  }

  /** Removes the log of a file that another has taken the place of: SQLite would write it into that one. */
  removeLeft(): void {
    if (identify(this.#paths.main) === this.#main) return;
    const left = this.#paths.beside.filter(
      (beside, index) => identify(beside) !== null && identify(beside) === this.#beside[index],
    );
    for (const beside of left) rmSync(beside, { force: true });
  }

  compare(): Standing {
    const main = identify(this.#paths.main);
    if (main === null) return 'gone';
    if (this.#main !== null && main !== this.#main) return 'replaced';
    const beside = this.#paths.beside.map(identify);
    // They come with the first read, and stay as long as a connection is open.
    const isReplaced = this.#beside.some((known, index) => known && known !== beside[index]);
    if (!isReplaced) this.#beside = beside;
    return isReplaced ? 'replaced' : 'same';
  }
}
