import {
  figuresInput,
  figureSpans,
  formatDay,
  formatNumber,
  formatShortDay,
} from '@latchkey/shared';
import type { FigureName } from '../figures/daily-counts.ts';
import type { FoundFigures } from '../figures/find-figures.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import { describeTrend } from './describe-trend.ts';
import { drawBars, findTop } from './draw-bars.ts';
import type { Caller } from './form-answer.ts';

type Found = FoundFigures & { length: number };

/** A picture of one figure. */
function drawChart(found: Found, label: string, name: FigureName): ListItem {
  const { from, to, days, length } = found;
  const counted = days.map((figures) => ({ day: figures.day, value: figures[name] }));
  const start = length - days.length;
  const top = findTop(Math.max(0, ...counted.map(({ value }) => value)));
  const summary = describeTrend(counted, length);
  const isPartial = start > 0;
  const since = isPartial ? `, counted since ${formatDay(found.since)}` : '';
  const range = `from ${formatDay(from)} to ${formatDay(to)}${since}`;
  const bars = drawBars(
    counted.map(({ value }) => value),
    { top, start, length },
  );
  return {
    title: `${label} each day ${range}: ${summary}`,
    summary,
    top: formatNumber(top),
    width: String(length),
    partial: String(isPartial),
    uncounted: `M0 0H${start}V100H0Z`,
    bars,
    fromText: formatShortDay(from),
    toText: formatShortDay(to),
  };
}

/** The same numbers as rows of a table, the newest first. */
function listDays({ days }: Found, one: FigureName, two: FigureName = one): ListItem[] {
  return days.toReversed().map((figures) => ({
    day: figures.day,
    dayText: formatShortDay(figures.day),
    one: formatNumber(figures[one]),
    two: formatNumber(figures[two]),
  }));
}

function showView({ since, length }: Found): ListItem {
  const spans = figureSpans.map((span) => [`is${span}`, span === length ? 'page' : 'false']);
  return {
    since,
    sinceText: formatDay(since),
    ...(Object.fromEntries(spans) as Record<string, string>), // Pairs of texts.
  };
}

/** What happened each day, as many days as the address asks for. */
export async function fillFigures(
  { operator }: Caller,
  query: URLSearchParams,
): Promise<Pick<PageFilling, 'lists'>> {
  const wanted = figuresInput.safeParse({ days: Number(query.get('days')) });
  const input = wanted.data ?? { days: figureSpans[0] };
  const found = { ...(await operator.figures(input)), length: input.days };
  return {
    lists: {
      figuresView: [showView(found)],
      registrationsChart: [drawChart(found, 'New accounts', 'registrations')],
      loginsChart: [drawChart(found, 'Log-ins', 'logins')],
      failedLoginsChart: [drawChart(found, 'Failed log-ins', 'failedLogins')],
      readsChart: [drawChart(found, 'Articles read', 'reads')],
      wallsChart: [drawChart(found, 'Walls', 'walls')],
      registrationDays: listDays(found, 'registrations'),
      loginDays: listDays(found, 'logins', 'failedLogins'),
      articleDays: listDays(found, 'reads', 'walls'),
    },
  };
}
