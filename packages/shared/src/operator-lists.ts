import * as z from 'zod/mini';
import { email, isBlank, isCleanText } from './fields.ts';
import { EMAIL_MAX_LENGTH } from './limits.ts';
import { messages } from './messages.ts';
import { role, until } from './until.ts';

/** How many accounts one invitation can make. */
export const INVITATION_MOST_USES = 10_000;

const id = z.uuid().check(z.toLowerCase());
const cursor = z.optional(id);

/** What a form sends for a field that was left empty counts as left out. */
const filledIn = z.transform((value) => (value === null || isBlank(value) ? undefined : value));

/** Input of `operator.invitations`, which may be left out: the id of the last one that was seen. */
export const listInvitationsInput = z.prefault(z.object({ cursor }), {});

/** Input of `operator.revokeInvitation`. */
export const invitationIdInput = z.object({ id });

/** Input of `operator.invite`: all may be left out. */
export const inviteInput = z
  .object({
    email: z.optional(z.pipe(filledIn, z.optional(email))),
    role: z.optional(z.pipe(filledIn, z.optional(role))),
    uses: z.optional(
      z
        .int({ error: messages['invalid-uses'] })
        .check(
          z.minimum(1, { error: messages['invalid-uses'] }),
          z.maximum(INVITATION_MOST_USES, { error: messages['invalid-uses'] }),
        ),
    ),
    until: z.optional(z.pipe(filledIn, z.optional(until))),
  })
  .check(
    z.refine(({ email: address, uses = 1 }) => address === undefined || uses === 1, {
      path: ['uses'],
      error: messages['one-use-for-email'],
    }),
  );
export type InviteInput = z.infer<typeof inviteInput>;

export type InvitationState = 'open' | 'used' | 'ended' | 'revoked';

/** An invitation as operators see it, without its code. Times are ISO 8601 in UTC. */
export type KnownInvitation = {
  id: string;
  state: InvitationState;
  /** The one address that it serves, or null for any. */
  email: string | null;
  role: string | null;
  maxUses: number;
  usesLeft: number;
  expiresAt: string;
  createdAt: string;
};

/** A page of invitations, the newest first. */
export type InvitationsPage = { invitations: KnownInvitation[]; isMore: boolean };

/** A new invitation, with its code, which is told this once. */
export type MadeInvitation = KnownInvitation & {
  link: string;
  code: string;
  /** What the operator may not expect of it, in sentences. */
  notes: string[];
};

/** What the operator's log can be narrowed to, and how it is called. */
export const logKinds = {
  'log-ins': 'Log-ins',
  failures: 'Failed log-ins and passwords',
  denied: 'Refusals and limits',
  operators: 'What operators did',
  accounts: 'Accounts',
  sessions: 'Sessions, links and codes',
} as const;
export type LogKind = keyof typeof logKinds;
const logKindIds = Object.keys(logKinds) as LogKind[];

/**
 * Input of `operator.log`, which may be left out: an email, a username or an id, a kind of events, the last
 * day that is asked for (such as 2026-11-27, in UTC), and the number of the last row that was seen.
 */
export const listLogInput = z.prefault(
  z.object({
    person: z.optional(
      z.pipe(
        filledIn,
        z.optional(z.string().check(z.maxLength(EMAIL_MAX_LENGTH), z.refine(isCleanText))),
      ),
    ),
    kind: z.optional(z.enum(logKindIds)),
    day: z.optional(z.pipe(filledIn, z.optional(z.iso.date()))),
    cursor: z.optional(z.int().check(z.positive())),
  }),
  {},
);
export type ListLog = z.infer<typeof listLogInput>;

/** Somebody in the security log. */
export type LogPerson = { id: string; email: string };

/** A row of the security log as operators see it. */
export type LogRow = {
  id: number;
  /** ISO 8601 in UTC. */
  at: string;
  /** A name of the OWASP Logging Vocabulary. */
  event: string;
  outcome: string | null;
  /** How many such events from one client the row stands for. */
  times: number;
  address: string | null;
  /** Whom it is about; null where it is about nobody who has an account, or they were deleted. */
  person: LogPerson | null;
  /** Of an operator's act: to whom it was done, or in that person's row, who did it. */
  other: LogPerson | null;
  /** Whether it was about somebody who was deleted since. */
  isErased: boolean;
};

/** A page of the log, the newest first. */
export type LogPage = { rows: LogRow[]; isMore: boolean };

/** What the list of mails can be narrowed to. Without it, it has those that were not sent yet. */
export const mailViews = ['waiting', 'failed', 'sent', 'all'] as const;
export type MailView = (typeof mailViews)[number];

/** Input of `operator.mails`, which may be left out. */
export const listMailsInput = z.prefault(
  z.object({ show: z.optional(z.enum(mailViews)), cursor }),
  {},
);
export type ListMails = z.infer<typeof listMailsInput>;

/** Input of `operator.retryMail`: one mail, or all that wait or have failed. */
export const retryMailInput = z.prefault(z.object({ id: z.optional(id) }), {});

export type MailState = 'waiting' | 'retrying' | 'failed' | 'sent';

/** A mail as operators see it: nothing of what it says. Times are ISO 8601 in UTC. */
export type KnownMail = {
  id: string;
  state: MailState;
  /** The name of its template. */
  kind: string;
  /** Whose account it is about, where there is one. */
  userId: string | null;
  /** The address; null until it is known. */
  recipient: string | null;
  attempts: number;
  createdAt: string;
  nextAttemptAt: string | null;
  sentAt: string | null;
  failedAt: string | null;
  lastError: string | null;
  /** Whether it can be sent again at once: it waits or has failed, and is not being sent. */
  canRetry: boolean;
};

/** A page of mails, the newest first. */
export type MailsPage = {
  mails: KnownMail[];
  isMore: boolean;
  /** Sent ones are kept for a week. */
  counts: { waiting: number; failed: number; sent: number };
  /** Whether the site sends mails at all. */
  isOn: boolean;
};
