import * as z from 'zod/mini';
import { EMAIL_MAX_LENGTH } from './limits.ts';
import { actReason } from './operator-fields.ts';
import { role, until } from './until.ts';
import { deleteAccountInput } from './account-inputs.ts';
import type { PublicActivity, SignedInDevice } from './account.ts';
import type { SecondFactor } from './second-factors.ts';
import type { PublicUser } from './user.ts';

/** What the operator's list of people can be narrowed to. */
export const peopleStates = ['waiting', 'disabled', 'roles'] as const;
export type PeopleState = (typeof peopleStates)[number];

/** How far those who wait are counted. */
export const MOST_COUNTED = 100;

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

/** Input of `operator.grantRole`. */
export const grantRoleInput = z.extend(personIdInput, {
  role,
  until: z.optional(until),
  reason: z.optional(actReason),
});

/** Input of `operator.revokeRole`. */
export const revokeRoleInput = z.omit(grantRoleInput, { until: true });

/** Input of `operator.endSession`: `session` is the id of one of this person's. */
export const endSessionInput = z.extend(personIdInput, {
  session: z.uuid('This is not the id of a session.').check(z.toLowerCase()),
});

/** Input of `operator.deletePerson`: the person's email, typed to be sure, in any spelling. */
export const deletePersonInput = z.extend(personIdInput, {
  email: deleteAccountInput.shape.email,
});

/** What an operator's act has changed: false where it was so already. */
export type ActAnswer = { changed: boolean };

/** A link to set a new password; the code alone is for browsers without JavaScript. */
export type ResetLink = {
  link: string;
  code: string;
  /** ISO 8601 in UTC. */
  expiresAt: string;
};

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
  /** How many people wait for approval; `MOST_COUNTED` where they are as many or more. */
  waiting: number;
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
