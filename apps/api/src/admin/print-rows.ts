import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatJson, formatRow, formatTable, measureColumns } from './print.ts';

const CHUNK_LENGTH = 64 * 1024;
const MEASURED_ROWS = 5000;

/** Few long pieces instead of many short ones. */
async function* joinChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Writes no faster than somebody reads, so that nothing piles up here. */
async function print(pieces: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(joinChunks(pieces)), process.stdout, { end: false });
}

/** `width` is how many characters a long list keeps for the column at least. */
type Column = { heading: string; width?: number };

/**
 * Prints rows as they come under headings, in columns as wide as what stands in the first rows. To learn
 * the longest text of a long list, the database would read all of it first: where a later row has a
 * longer text, that row alone is out of line.
 */
export async function printTable(columns: Column[], rows: AsyncGenerator<string[]>): Promise<void> {
  const headings = columns.map(({ heading }) => heading);
  const first: string[][] = [];
  while (first.length < MEASURED_ROWS) {
    const next = await rows.next();
    if (next.done) return console.log(formatTable(headings, first));
    first.push(next.value);
  }
  const shown = measureColumns([headings, ...first]);
  const widths = columns.map(({ width = 0 }, column) => Math.max(width, shown[column] ?? 0));
  await print(
    (async function* () {
      for (const row of [headings, ...first]) yield `${formatRow(row, widths)}\n`;
      for await (const row of rows) yield `${formatRow(row, widths)}\n`;
    })(),
  );
}

/** Prints values as they come, as one JSON list. */
export function printJsonList(values: AsyncIterable<unknown>): Promise<void> {
  return print(
    (async function* () {
      let separator = '[\n';
      for await (const value of values) {
        yield `${separator}${formatJson(value).replaceAll(/^/gm, '  ')}`;
        separator = ',\n';
      }
      yield separator === ',\n' ? '\n]\n' : '[]\n';
    })(),
  );
}
