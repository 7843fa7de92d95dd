import * as z from 'zod/mini';
import { EMAIL_MAX_LENGTH } from './limits.ts';
import type { PublicActivity, SignedInDevice } from './account.ts';
import type { SecondFactor } from './second-factors.ts';
import type { PublicUser } from './user.ts';

/** What the operator's list of people can be narrowed to. */
export const peopleStates = ['waiting', 'disabled', 'roles'] as const;
export type PeopleState = (typeof peopleStates)[number];

const id = z.uuid('This is not the id of a person.').check(z.toLowerCase());

/**
 * Input of `operator.people`, which may be left out: what a name, an email or a username begins with, a
 * state, and the id of the last person that was seen.
 */
export const listPeopleInput = z.prefault(
  z.object({
    search: z.optional(z.string().check(z.trim(), z.maxLength(EMAIL_MAX_LENGTH))),
    show: z.optional(z.enum(peopleStates)),
    cursor: z.optional(id),
  }),
  {},
);
export type ListPeople = z.infer<typeof listPeopleInput>;

/** Input of what an operator does with one person. */
export const personIdInput = z.object({ id });

/** Input of `operator.person`: `cursor` is the id of the last line of their activity that was seen. */
export const readPersonInput = z.object({
  id,
  cursor: z.optional(z.uuid().check(z.toLowerCase())),
});

/** A person as operators see them. Times are ISO 8601 in UTC. */
export type KnownPerson = PublicUser & {
  /** The moment at which each role with an end ends, also of those that have ended. */
  roleEnds: Record<string, string>;
  disabledAt: string | null;
  waitingSince: string | null;
};

/** A page of people, the newest first. */
export type PeoplePage = {
  people: KnownPerson[];
  /** Whether there are more of them than are shown. */
  isMore: boolean;
};

/** All that `operator.person` tells of a person. */
export type PersonDetails = {
  person: KnownPerson;
  factors: SecondFactor[];
  /** The live ones, the one last used first. */
  sessions: Omit<SignedInDevice, 'isCurrent'>[];
  activities: PublicActivity[];
  isMoreActivity: boolean;
};
