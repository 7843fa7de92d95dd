import type { Allowance } from './limiter.ts';

/** Those who ask for one key, first come, first served. */
type Line = {
  /** Attempts that were allowed and have not ended. */
  open: number;
  ended: number;
  asking: number;
  last: Promise<unknown>;
  wake: () => void;
};

const createLine = (): Line => ({
  open: 0,
  ended: 0,
  asking: 0,
  last: Promise.resolve(),
  wake: () => undefined,
});

/**
 * The attempts of this process whose outcome is not known yet. They hold points that may come back,
 * so who would be refused because of them waits for their end instead: a class that logs in at the
 * same moment is not a thief.
 */
export class OpenAttempts {
  readonly #lines = new Map<string, Line>();

  /**
   * Takes points when it can be told whether there are any. When it is allowed, `end` must follow.
   *
   * @param isSpent whether points would be refused now; it takes none
   * @param take takes them
   */
  async begin<Taken extends Allowance>(
    key: string,
    isSpent: () => Promise<boolean>,
    take: () => Promise<Taken>,
  ): Promise<Taken> {
    const line = this.#lines.get(key) ?? createLine();
    this.#lines.set(key, line);
    line.asking += 1;
    const turn = line.last.then(() => takeInTurn(line, isSpent, take));
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.asking -= 1;
      this.#forget(key, line);
    }
  }

  /** Its points were given back, or are lost. */
  end(key: string): void {
    const line = this.#lines.get(key);
    if (!line) return;
    line.open -= 1;
    line.ended += 1;
    line.wake();
    this.#forget(key, line);
  }

  #forget(key: string, { open, asking }: Line): void {
    if (open === 0 && asking === 0) this.#lines.delete(key);
  }
}

async function takeInTurn<Taken extends Allowance>(
  line: Line,
  isSpent: () => Promise<boolean>,
  take: () => Promise<Taken>,
): Promise<Taken> {
  for (let { ended } = line; line.open > 0 && (await isSpent()); { ended } = line) {
    // Where one ended while the points were looked at, they are looked at again.
    if (line.ended === ended) await new Promise<void>((resolve) => (line.wake = resolve));
  }
  const taken = await take();
  if (taken.isAllowed) line.open += 1;
  return taken;
}
