/**
 * Waits for answers, but for none of them longer than this. While one is late, nobody waits for another:
 * they come from the same place.
 *
 * @returns takes an answer that never fails; null stands for one that is late
 */
export function createPatience(milliseconds: number) {
  const late = new Set<Promise<unknown>>();

  return async function waitBriefly<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
    if (late.size > 0) return null;
    const { promise: patience, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => {
      late.add(answer);
      void answer.finally(() => late.delete(answer));
      resolve(null);
    }, milliseconds);
    try {
      return await Promise.race([answer, patience]);
    } finally {
      clearTimeout(timer);
    }
  };
}
