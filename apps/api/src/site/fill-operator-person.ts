import { nameRole, readPersonInput } from '@latchkey/shared';
import type { KnownPerson, PersonDetails } from '@latchkey/shared';
import { notFound } from '../http/refusal.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import { fillPersonActs, removedRoleField } from './fill-person-acts.ts';
import { showPerson, showTime } from './fill-operator.ts';
import type { Caller, Fields } from './form-answer.ts';
import type { OperatorVisit } from './operator-visit.ts';

/** The page of one person, whose id is in the query. */
export const personPath = '/operator/person';

const factorNames = {
  authenticator: 'Authenticator app',
  passkey: 'Passkey',
  'recovery-code': 'Recovery codes',
};

/** Each has its own form to remove it, which is open where it has come back with a fault. */
function listRoles(
  { id, roles, roleEnds }: KnownPerson,
  { isOwn, typed }: { isOwn: boolean; typed: Fields },
): ListItem[] {
  return roles.map((role) => {
    const endsAt = Object.hasOwn(roleEnds, role) ? roleEnds[role] : undefined;
    const name = nameRole(role);
    const isTyped = typed[removedRoleField] === role;
    return {
      id,
      role,
      name,
      named: String(name.toLowerCase() !== role),
      ends: String(endsAt !== undefined),
      endsAt: endsAt ?? '',
      endsText: showTime(endsAt ?? null),
      closed: String(!isOwn && !isTyped),
      open: String(!isOwn && isTyped),
      reason: isTyped ? (typed['removalReason'] ?? '') : '',
    };
  });
}

function showSession(
  { id, device, address, createdAt, lastSeenAt }: PersonDetails['sessions'][0],
  isOwn: boolean,
): ListItem {
  return {
    id,
    device,
    address: address ?? 'Unknown address',
    createdAt,
    createdText: showTime(createdAt),
    lastSeenAt,
    lastSeenText: showTime(lastSeenAt),
    current: String(isOwn),
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

/** A person, whose id the address has, and what may be done with their account. */
export async function fillPerson(
  { operator }: Caller,
  query: URLSearchParams,
  { deps, reader, takeTyped }: OperatorVisit,
): Promise<Pick<PageFilling, 'lists' | 'slots'>> {
  const cursor = query.get('after') ?? undefined;
  const { data: wanted } = readPersonInput.safeParse({ id: query.get('id'), cursor });
  if (!wanted) throw notFound;
  const details = await operator.person(wanted);
  const { person, factors, sessions, activities, isMoreActivity } = details;
  const isOwn = person.id === reader.id;
  const typed = takeTyped();
  const shown = {
    ...showPerson(person),
    factors: factors.map((factor) => factorNames[factor]).join(', ') || 'None',
    sessions: String(sessions.length),
    own: String(isOwn),
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
      ...(await fillPersonActs(deps, details, { isOwn, typed })),
      personRoles: listRoles(person, { isOwn, typed }),
      sessions: sessions.map((session) => showSession(session, isOwn)),
      activities: activities.map(showActivity),
      personActivityPages: [way],
    },
  };
}
