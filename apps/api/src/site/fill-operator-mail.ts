import { formatTime, listMailsInput, type KnownMail, type MailView } from '@latchkey/shared';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { Caller } from './form-answer.ts';
import { nameMail } from './mail-words.ts';

/** The page of the mails. */
export const mailPath = '/operator/mail';

const stateNames = { waiting: 'Waiting', retrying: 'Retrying', failed: 'Failed', sent: 'Sent' };

function showMail(mail: KnownMail, show: string): ListItem {
  const { id, kind, state, userId, recipient, attempts, createdAt } = mail;
  const { nextAttemptAt, lastError, canRetry } = mail;
  return {
    ...{ id, show, kind: nameMail(kind), state: stateNames[state] },
    address: recipient ?? (userId === null ? 'Not known yet' : 'The person of this account'),
    known: String(userId !== null),
    userId: userId ?? '',
    attempts: String(attempts),
    ...{ createdAt, createdText: formatTime(createdAt) },
    error: String(lastError !== null),
    lastError: lastError ?? '',
    next: String(nextAttemptAt !== null),
    nextAt: nextAttemptAt ?? '',
    nextText: nextAttemptAt === null ? '' : formatTime(nextAttemptAt),
    retry: String(canRetry),
  };
}

/** The mails, as the address asks for them. What cannot be understood in it counts as left out. */
export async function fillMail(
  { operator }: Caller,
  query: URLSearchParams,
): Promise<Pick<PageFilling, 'lists'>> {
  const { show, cursor } =
    listMailsInput.safeParse({
      show: query.get('show') ?? undefined,
      cursor: query.get('after') ?? undefined,
    }).data ?? {};
  const { mails, isMore, counts, isOn } = await operator.mails({ show, cursor });
  const current = (view: MailView | undefined) => (show === view ? 'page' : 'false');
  const view = {
    off: String(!isOn),
    waiting: String(counts.waiting),
    failed: String(counts.failed),
    sent: String(counts.sent),
    stuck: String(counts.waiting + counts.failed > 0),
    none: String(mails.length === 0),
    show: show ?? '',
    isUnsent: current(undefined),
    isWaiting: current('waiting'),
    isFailed: current('failed'),
    isSent: current('sent'),
    isAll: current('all'),
  };
  const way = {
    more: String(isMore),
    back: String(cursor !== undefined),
    query: show === undefined ? '' : `show=${show}&`,
    last: mails.at(-1)?.id ?? '',
  };
  return {
    lists: {
      mailView: [view],
      mails: mails.map((mail) => showMail(mail, show ?? '')),
      mailPages: [way],
    },
  };
}
