import { setTimeout } from 'node:timers/promises';
import type { Model, ModelStatic, WhereOptions } from 'sequelize';

/** So few that whoever writes meanwhile waits for milliseconds. */
const SLICE_ROWS = 500;

/** Options of work that deletes without end in sight. */
export type SliceOptions = {
  /** Ends the work after the slice at hand. */
  signal?: AbortSignal;
  sliceRows?: number;
};

/** Does one slice of long work, and lets others write for as long as it took. */
export async function runSlice<Result>(slice: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await slice();
  await setTimeout(performance.now() - startedAt);
  return result;
}

/**
 * Deletes the rows that match, however many there are, a slice at a time.
 *
 * @returns how many rows were deleted
 */
export async function deleteInSlices<Row extends Model>(
  model: ModelStatic<Row>,
  where: WhereOptions,
  { signal, sliceRows = SLICE_ROWS }: SliceOptions = {},
): Promise<number> {
  let deleted = 0;
  while (!signal?.aborted) {
    const count = await runSlice(() => model.destroy({ where, limit: sliceRows }));
    deleted += count;
    if (count < sliceRows) break;
  }
  return deleted;
}
