import { findMedian } from './statistics.ts';

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
};

export type Benchmark = { name: string; title: string; run: () => Promise<Row[]> };

/** A benchmark that this machine cannot run, with the reason. */
export class SkipError extends Error {}

const asRatio = (value: number) => `${value.toPrecision(value < 1 ? 2 : 3)}×`;

function formatRow({ measure, yardstick, ratios, meaning, warnings = [] }: Row): string {
  const spread = `${asRatio(Math.min(...ratios))} … ${asRatio(Math.max(...ratios))}`;
  const numbers = `${asRatio(findMedian(ratios)).padStart(7)}  ${spread.padEnd(17)}`;
  return [
    `  ${numbers}  ${measure} ÷ ${yardstick}`,
    `  ${' '.repeat(28)}${meaning}`,
    ...warnings.map((warning) => `  ${' '.repeat(28)}! ${warning}`),
  ].join('\n');
}

/** A row as data, with the median that its table shows. */
export const summariseRow = (row: Row) => ({ ...row, median: findMedian(row.ratios) });

export function formatRows(rows: Row[]): string {
  const heading = `   median  ${'lowest … highest'.padEnd(17)}  what, over ${rows[0]?.ratios.length ?? 0} rounds`;
  return [heading, ...rows.map(formatRow)].join('\n');
}
