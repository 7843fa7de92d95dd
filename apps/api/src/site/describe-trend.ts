import { formatDay, formatNumber } from '@latchkey/shared';

/** How many of something there were on each of some days, the oldest first. */
export type Counted = { day: string; value: number }[];

/** Less than that, of what was before, is no trend: today is not over. */
const LEVEL = 0.1;

const addUp = (counted: Counted) => counted.reduce((sum, { value }) => sum + value, 0);

function describeMost(counted: Counted): string {
  const [first] = counted.toSorted((one, other) => other.value - one.value);
  return first ? `, at most ${formatNumber(first.value)} a day (${formatDay(first.day)})` : '';
}

/** The later half of the days beside the earlier one. */
function compareHalves(counted: Counted): string {
  const length = Math.floor(counted.length / 2);
  const late = addUp(counted.slice(-length));
  const early = addUp(counted.slice(-2 * length, -length));
  const word = late > early ? 'Rising' : 'Falling';
  const isLevel = Math.abs(late - early) <= LEVEL * early;
  return `${isLevel ? 'Level' : word}: ${formatNumber(late)} in the last ${length} days, ${formatNumber(early)} in the ${length} before.`;
}

/**
 * What a picture of these numbers shows, in words.
 *
 * @param length how many days the picture has; those that were not counted are no trend
 */
export function describeTrend(counted: Counted, length: number): string {
  const sum = addUp(counted);
  if (sum === 0) return 'None.';
  const all = `${formatNumber(sum)} in all${describeMost(counted)}.`;
  return counted.length < length ? all : `${all} ${compareHalves(counted)}`;
}
