import type { Mail } from '@latchkey/db';
import type { KnownMail, MailState } from '@latchkey/shared';
import { showEmail } from '../users/show-email.ts';

export function describeMailState({ sentAt, failedAt, attempts }: Mail): MailState {
  if (sentAt) return 'sent';
  if (failedAt) return 'failed';
  return attempts > 0 ? 'retrying' : 'waiting';
}

const toText = (date: Date | null) => date?.toISOString() ?? null;

/** What an operator may know of a mail: nothing of its content. */
export function describeMail(mail: Mail): KnownMail {
  const { id, kind, userId, recipient, attempts, lastError } = mail;
  const { createdAt, nextAttemptAt, sentAt, failedAt, claimedBy } = mail;
  return {
    ...{ id, state: describeMailState(mail), kind, userId, attempts, lastError },
    recipient: recipient === null ? null : showEmail(recipient),
    createdAt: createdAt.toISOString(),
    nextAttemptAt: toText(nextAttemptAt),
    sentAt: toText(sentAt),
    failedAt: toText(failedAt),
    canRetry: failedAt !== null || (nextAttemptAt !== null && claimedBy === null),
  };
}
