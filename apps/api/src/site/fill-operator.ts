import { formatTime, listPeopleInput, MOST_COUNTED, nameRole } from '@latchkey/shared';
import type { KnownPerson } from '@latchkey/shared';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { Caller } from './form-answer.ts';

type Filling = Pick<PageFilling, 'lists'>;

export const showTime = (time: string | null) => (time === null ? '' : formatTime(time));

function nameState({ disabledAt, waitingSince }: KnownPerson): string {
  if (disabledAt !== null) return 'Disabled';
  return waitingSince === null ? 'Enabled' : 'Waiting';
}

/** A person as the lists and their own page show them. */
export function showPerson(person: KnownPerson): ListItem {
  const { id, name, email, username, roles, createdAt, disabledAt, waitingSince } = person;
  const state = nameState(person);
  return {
    id,
    name,
    email,
    username: username ?? 'None',
    roles: roles.length > 0 ? roles.map(nameRole).join(', ') : 'None',
    state,
    enabled: String(state === 'Enabled'),
    createdAt,
    createdText: showTime(createdAt),
    disabled: String(disabledAt !== null),
    disabledAt: disabledAt ?? '',
    disabledText: showTime(disabledAt),
    waiting: String(waitingSince !== null),
    waitingSince: waitingSince ?? '',
    waitingText: showTime(waitingSince),
  };
}

const showCount = (waiting: number) =>
  waiting < MOST_COUNTED ? String(waiting) : `${MOST_COUNTED - 1}+`;

/** The list of people, as the address asks for it. What cannot be understood in it counts as left out. */
export async function fillPeople({ operator }: Caller, query: URLSearchParams): Promise<Filling> {
  const wanted =
    listPeopleInput.safeParse({
      search: query.get('search') ?? undefined,
      show: query.get('show') ?? undefined,
      cursor: query.get('after') ?? undefined,
    }).data ?? {};
  const { search = '', show, cursor } = wanted;
  const { people, isMore, waiting } = await operator.people(wanted);
  const isSearch = search !== '';
  const more = String(isMore && !isSearch);
  const current = (state: string | undefined) => (show === state ? 'page' : 'false');
  const view: ListItem = {
    search,
    show: show ?? '',
    shown: String(show !== undefined),
    searched: String(isSearch),
    none: String(people.length === 0),
    cut: String(isSearch && isMore),
    waiting: waiting > 0 ? ` (${showCount(waiting)})` : '',
    isAll: current(undefined),
    isWaiting: current('waiting'),
    isDisabled: current('disabled'),
    isRoles: current('roles'),
  };
  const way = {
    more,
    back: String(cursor !== undefined),
    query: show === undefined ? '' : `show=${show}&`,
    last: people.at(-1)?.id ?? '',
  };
  return { lists: { peopleView: [view], people: people.map(showPerson), peoplePages: [way] } };
}
