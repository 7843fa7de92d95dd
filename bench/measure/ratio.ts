import { findMedian } from './statistics.ts';

export type Target = { atLeast: number } | { atMost: number };

/** One line of the table: a measure as a multiple of a yardstick, both taken in the same run. */
export type Row = {
  measure: string;
  yardstick: string;
  /** One ratio a round. */
  ratios: number[];
  /** What the ratio says, with the absolute numbers of this run. */
  meaning: string;
  /** Why the ratio should not be believed, if so. */
  warnings?: string[];
  /** What the median is to be. */
  target?: Target;
  /** What stands behind it, such as the plans of statements. */
  details?: string[];
};

export type BenchmarkOptions = {
  /** How many people there are, smallest first; each benchmark of growth has its own default. */
  people?: number[];
};

export type Benchmark = {
  name: string;
  title: string;
  run: (options: BenchmarkOptions) => Promise<Row[]>;
};

/** A benchmark that this machine cannot run, with the reason. */
export class SkipError extends Error {}

const asRatio = (value: number) => `${value.toPrecision(value < 1 ? 2 : 3)}×`;

const isReached = (target: Target, median: number) =>
  'atLeast' in target ? median >= target.atLeast : median <= target.atMost;

function describeTarget(target: Target, median: number): string {
  const wanted =
    'atLeast' in target
      ? `at least ${asRatio(target.atLeast)}`
      : `at most ${asRatio(target.atMost)}`;
  return `Target: ${wanted}, ${isReached(target, median) ? 'reached' : 'NOT reached'}.`;
}

function formatRow({
  measure,
  yardstick,
  ratios,
  meaning,
  warnings = [],
  target,
  details = [],
}: Row): string {
  const spread = `${asRatio(Math.min(...ratios))} … ${asRatio(Math.max(...ratios))}`;
  const numbers = `${asRatio(findMedian(ratios)).padStart(7)}  ${spread.padEnd(17)}`;
  return [
    `  ${numbers}  ${measure} ÷ ${yardstick}`,
    `  ${' '.repeat(28)}${meaning}`,
    ...(target ? [`  ${' '.repeat(28)}${describeTarget(target, findMedian(ratios))}`] : []),
    ...warnings.map((warning) => `  ${' '.repeat(28)}! ${warning}`),
    ...details.map((detail) => `  ${' '.repeat(28)}${detail}`),
  ].join('\n');
}

/** A row as data, with the median that its table shows, and whether its target is reached. */
export function summariseRow(row: Row) {
  const median = findMedian(row.ratios);
  return { ...row, median, ...(row.target && { isReached: isReached(row.target, median) }) };
}

export function formatRows(rows: Row[]): string {
  const heading = `   median  ${'lowest … highest'.padEnd(17)}  what, over ${rows[0]?.ratios.length ?? 0} rounds`;
  return [heading, ...rows.map(formatRow)].join('\n');
}
