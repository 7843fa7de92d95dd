import {
  formatTime,
  listLogInput,
  logKinds,
  type ListLog,
  type LogPage,
  type LogRow,
} from '@latchkey/shared';
import { ACT_EVENT } from '../acts/log-act.ts';
import { Refusal } from '../http/refusal.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { Caller } from './form-answer.ts';
import { nameEvent } from './log-words.ts';

/** The page of the security log. */
export const logPath = '/operator/log';

function showRow(row: LogRow): ListItem {
  const { at, event, outcome, times, address, person, other, isErased } = row;
  return {
    ...{ at, atText: formatTime(at), event, name: nameEvent(event) },
    outcome: outcome ?? 'None',
    many: String(times > 1),
    times: String(times),
    address: address ?? 'None',
    known: String(person !== null),
    id: person?.id ?? '',
    email: person?.email ?? '',
    erased: String(isErased),
    paired: String(other !== null),
    side: event === ACT_EVENT ? 'To whom' : 'By',
    otherId: other?.id ?? '',
    otherEmail: other?.email ?? '',
  };
}

/** A page of the log, or null where nobody is the person who is asked for. */
async function readLog({ operator }: Caller, wanted: ListLog): Promise<LogPage | null> {
  try {
    return await operator.log(wanted);
  } catch (fault) {
    const isUnknown = fault instanceof Refusal && fault.details.fieldErrors?.['person'];
    if (isUnknown) return null;
    throw fault;
  }
}

/** The security log, as the address asks for it. */
export async function fillLog(
  caller: Caller,
  query: URLSearchParams,
): Promise<Pick<PageFilling, 'lists'>> {
  const [person, kind, day] = ['person', 'kind', 'day'].map((name) => query.get(name) ?? '');
  const after = query.get('after');
  const { data: wanted } = listLogInput.safeParse({
    ...{ person, day },
    ...(kind && { kind }),
    ...(after !== null && { cursor: Number(after) }),
  });
  // What cannot be understood counts as left out, but for a person: others are not shown in their place.
  const isNobody = !wanted && person !== '';
  const page = isNobody ? null : await readLog(caller, wanted ?? {});
  const { rows, isMore } = page ?? { rows: [], isMore: false };
  const filters = Object.entries({ person, kind, day }).filter(([, value]) => value);
  const way = {
    more: String(isMore),
    back: String(wanted?.cursor !== undefined),
    query: filters.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}&`).join(''),
    last: String(rows.at(-1)?.id ?? ''),
  };
  const view = {
    ...{ person: person ?? '', day: wanted?.day ?? '', unknown: String(page === null) },
    none: String(page !== null && rows.length === 0),
  };
  const kinds = Object.entries({ '': 'Everything', ...logKinds });
  return {
    lists: {
      logView: [view],
      logKinds: kinds.map(([id, name]) => ({ kind: id, name, chosen: String(id === kind) })),
      logRows: rows.map(showRow),
      logPages: [way],
    },
  };
}
