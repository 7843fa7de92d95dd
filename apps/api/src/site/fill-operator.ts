import { formatTime, listPeopleInput, nameRole, readPersonInput } from '@latchkey/shared';
import type { KnownPerson, PersonDetails } from '@latchkey/shared';
import { notFound } from '../http/refusal.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { Caller } from './form-answer.ts';

/** The page of one person, whose id is in the query. */
export const personPath = '/operator/person';

type Filling = Pick<PageFilling, 'lists' | 'slots'>;

const showTime = (time: string | null) => (time === null ? '' : formatTime(time));

function nameState({ disabledAt, waitingSince }: KnownPerson): string {
  if (disabledAt !== null) return 'Disabled';
  return waitingSince === null ? 'Enabled' : 'Waiting';
}

function showPerson(person: KnownPerson): ListItem {
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

/** The list of people, as the address asks for it. What cannot be understood in it counts as left out. */
export async function fillPeople({ operator }: Caller, query: URLSearchParams): Promise<Filling> {
  const wanted =
    listPeopleInput.safeParse({
      search: query.get('search') ?? undefined,
      show: query.get('show') ?? undefined,
      cursor: query.get('after') ?? undefined,
    }).data ?? {};
  const { search = '', show, cursor } = wanted;
  const { people, isMore } = await operator.people(wanted);
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

function listRoles({ roles, roleEnds }: KnownPerson): ListItem[] {
  return roles.map((role) => {
    const endsAt = Object.hasOwn(roleEnds, role) ? roleEnds[role] : undefined;
    const name = nameRole(role);
    return {
      role,
      name,
      named: String(name.toLowerCase() !== role),
      ends: String(endsAt !== undefined),
      endsAt: endsAt ?? '',
      endsText: showTime(endsAt ?? null),
    };
  });
}

const factorNames = {
  authenticator: 'Authenticator app',
  passkey: 'Passkey',
  'recovery-code': 'Recovery codes',
};

function showSession({ id, device, address, createdAt, lastSeenAt }: PersonDetails['sessions'][0]) {
  return {
    id,
    device,
    address: address ?? 'Unknown address',
    createdAt,
    createdText: showTime(createdAt),
    lastSeenAt,
    lastSeenText: showTime(lastSeenAt),
  };
}

function showActivity({ description, device, address, at }: PersonDetails['activities'][0]) {
  return {
    description,
    device: device ?? '',
    own: String(device !== null),
    address: address ?? 'Unknown address',
    at,
    atText: showTime(at),
  };
}

/** A person, whose id the address has. */
export async function fillPerson({ operator }: Caller, query: URLSearchParams): Promise<Filling> {
  const cursor = query.get('after') ?? undefined;
  const { data: wanted } = readPersonInput.safeParse({ id: query.get('id'), cursor });
  if (!wanted) throw notFound;
  const details = await operator.person(wanted);
  const { person, factors, sessions, activities, isMoreActivity } = details;
  const shown = {
    ...showPerson(person),
    factors: factors.map((factor) => factorNames[factor]).join(', ') || 'None',
    sessions: String(sessions.length),
  };
  const way = {
    more: String(isMoreActivity),
    back: String(wanted.cursor !== undefined),
    id: person.id,
    last: activities.at(-1)?.id ?? '',
  };
  return {
    slots: { title: person.name },
    lists: {
      person: [shown],
      personState: [{ id: person.id, disabled: String(person.disabledAt !== null) }],
      personRoles: listRoles(person),
      sessions: sessions.map(showSession),
      activities: activities.map(showActivity),
      personActivityPages: [way],
    },
  };
}
