const KEPT = 16;

/**
 * How much work a wrong password takes: as much as the slowest of the last comparisons with the
 * dearest kind of hash that was met. Every failure is filled up to that, whatever its own kind.
 */
export class FailureWork {
  readonly #lastMs = new Map<string, number[]>();

  /** @param kind scheme and cost of the hash @param workMs processor time of the comparison */
  note(kind: string, workMs: number): void {
    const lastMs = this.#lastMs.get(kind) ?? [];
    lastMs.push(workMs);
    if (lastMs.length > KEPT) lastMs.shift();
    this.#lastMs.set(kind, lastMs);
  }

  /** Processor time in milliseconds; 0 before anything was compared. */
  get failureMs(): number {
    const [dearest] = [...this.#lastMs.values()].sort(
      (one, other) => findMiddle(other) - findMiddle(one),
    );
    return dearest ? Math.max(...dearest) : 0;
  }
}

/** The median, so that one slow moment does not make a kind the dearest. */
function findMiddle(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
