import { watchCpu } from './cpu.ts';
import type { Answer } from '../server/client.ts';

/**
 * Answers a second, with so many questions under way at any time.
 *
 * @throws at the first answer that is not 200: a wrong answer's speed means nothing
 */
export async function measureAnswersPerSecond(
  ask: () => Promise<Answer>,
  { concurrency, durationMs }: { concurrency: number; durationMs: number },
): Promise<number> {
  const start = performance.now();
  let answers = 0;
  const askOn = async () => {
    while (performance.now() - start < durationMs) {
      const { status, body } = await ask();
      if (status !== 200) throw new Error(`An answer had status ${status}: ${body.slice(0, 200)}`);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, askOn));
  return (answers * 1000) / (performance.now() - start);
}

export type Speed = {
  perSecond: number;
  /** Answers for one second of processor time of the server, or null where that cannot be read. */
  perCoreSecond: number | null;
};

/** As above, with what it cost the server, which neither other programs nor a slow client change. */
export async function measureSpeed(
  ask: () => Promise<Answer>,
  processId: number,
  load: { concurrency: number; durationMs: number },
): Promise<Speed> {
  const endWatch = await watchCpu(processId);
  const perSecond = await measureAnswersPerSecond(ask, load);
  const { processCores } = await endWatch();
  return { perSecond, perCoreSecond: processCores === null ? null : perSecond / processCores };
}
