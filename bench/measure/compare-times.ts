import { measureAuc, type Auc } from './auc.ts';
import type { Row } from './ratio.ts';
import { findMedian } from './statistics.ts';

type Times = [name: string, milliseconds: number[]];

function describe({ auc, low, high }: Auc, ms: number, otherMs: number): string {
  const interval = `${low.toFixed(2)} … ${high.toFixed(2)}`;
  return `AUC ${auc.toFixed(2)} (95 %: ${interval}); ${ms.toFixed(1)} ms against ${otherMs.toFixed(1)} ms.`;
}

/** Whether the time of an answer tells the one kind from the other. */
export function compareTimes([name, ms]: Times, [yardstick, otherMs]: Times): Row {
  const auc = measureAuc(ms, otherMs);
  const isTold = auc.low > 0.5 || auc.high < 0.5;
  return {
    measure: name,
    yardstick,
    ratios: ms.map((value, index) => value / (otherMs[index] ?? value)),
    meaning: describe(auc, findMedian(ms), findMedian(otherMs)),
    ...(isTold && { warnings: ['0.5 is not in the interval: its time tells this kind.'] }),
  };
}
