/**
 * A quantile by the nearest rank: a value that was really measured.
 *
 * @param share 0.5 for the median, 0.99 for the 99th percentile
 */
export function findQuantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('There is no quantile of no values.');
  return value;
}

export const findMedian = (values: number[]) => findQuantile(values, 0.5);
