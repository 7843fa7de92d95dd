/** How well values tell two groups apart: 0.5 is not at all, 0 or 1 is each time. */
export type Auc = { auc: number; low: number; high: number };

const Z_95 = 1.96;

/**
 * The chance that a value of the one group is greater than one of the other (ties count half), with its
 * 95 % confidence interval.
 *
 * @see Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982
 */
export function measureAuc(ones: number[], others: number[]): Auc {
  const scores = ones.flatMap((one) => others.map((other) => (Math.sign(one - other) + 1) / 2));
  const auc = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const variance =
    auc * (1 - auc) + (ones.length - 1) * (q1 - auc * auc) + (others.length - 1) * (q2 - auc * auc);
  const margin = Z_95 * Math.sqrt(Math.max(0, variance) / (ones.length * others.length));
  return { auc, low: Math.max(0, auc - margin), high: Math.min(1, auc + margin) };
}
