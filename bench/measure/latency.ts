import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../server/client.ts';

/**
 * Asks at a steady pace, whether or not earlier answers are there, so that a slow moment counts for
 * every question that fell into it.
 *
 * @returns milliseconds from question to answer
 */
export async function measureLatencies(
  ask: () => Promise<Answer>,
  { intervalMs, count }: { intervalMs: number; count: number },
): Promise<number[]> {
  const start = performance.now();
  const asked: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const waitMs = start + index * intervalMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    asked.push(timeOne(ask));
  }
  return Promise.all(asked);
}

async function timeOne(ask: () => Promise<Answer>): Promise<number> {
  const start = performance.now();
  const { status, body } = await ask();
  if (status !== 200) throw new Error(`An answer had status ${status}: ${body.slice(0, 200)}`);
  return performance.now() - start;
}
