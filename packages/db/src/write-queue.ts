/** Gives the turn back. Calling it again does nothing. */
export type EndTurn = () => void;

/**
 * Lets one writer of this process at a time go to the database file, first come, first served.
 *
 * Without it writers wait inside SQLite, each blocking one of libuv's four threads: four of them
 * leave no thread for the one that holds the file's lock, and all stand still until they time out.
 */
export class WriteQueue {
  readonly #timeoutMilliseconds: number;
  readonly #waiting = new Set<() => void>();
  #busy = false;

  constructor(timeoutMilliseconds: number) {
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  /** Calls back in turn with the function that ends it, or with an Error of code `SQLITE_BUSY` after the timeout. */
  takeTurn(callback: (error: Error | null, endTurn: EndTurn) => void): void {
    if (!this.#busy) return this.#start(callback);
    const start = () => {
      clearTimeout(timer);
      this.#waiting.delete(start);
      this.#start(callback);
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(start);
      callback(timedOut(this.#timeoutMilliseconds), () => undefined);
    }, this.#timeoutMilliseconds);
    this.#waiting.add(start);
  }

  #start(callback: (error: null, endTurn: EndTurn) => void): void {
    this.#busy = true;
    let ended = false;
    callback(null, () => {
      if (ended) return;
      ended = true;
      this.#busy = false;
      const [next] = this.#waiting;
      next?.();
    });
  }
}

function timedOut(timeoutMilliseconds: number): Error {
  const error = new Error(
    `SQLITE_BUSY: a write waited ${timeoutMilliseconds} ms for another transaction of this process. ` +
      'Either that transaction is slow, or it waits for this very write because the query was called ' +
      'inside it without its `transaction` option. Pass the option, or shorten the transaction.',
  );
  return Object.assign(error, { code: 'SQLITE_BUSY' });
}
