import type { Database, User } from '@latchkey/db';
import type { NoticeKind } from '@latchkey/shared';
import { ForeignKeyConstraintError, type Transaction } from 'sequelize';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import type { Log } from '../process/log.ts';
import { describeDevice } from '../sessions/describe-device.ts';
import { describeClient, type ClientRequest } from '../sessions/session.ts';
import type { Settings } from '../settings/settings.ts';
import { NOTICE_MAIL, writeEvents } from './notice-event.ts';

/** What happens within this time after the first is told in one mail. */
const GATHERED_MS = 60_000;

type Actor = {
  deps: { database: Database; settings: Pick<Settings, 'mailPlace'> };
  request: ClientRequest;
};
export type Notice = { kind: NoticeKind; user: Pick<User, 'id' | 'email'> };

/**
 * Tells a person by mail what happened to their account, in the transaction in which it happened. The
 * mail goes to the email that the account had then. Without a mail server nothing is written.
 */
export async function enqueueNotice(
  { deps: { database, settings }, request }: Actor,
  { kind, user }: Notice,
  transaction?: Transaction,
): Promise<void> {
  if (!settings.mailPlace) return;
  const { address, userAgent } = describeClient(request);
  const at = new Date().toISOString();
  const details = writeEvents([{ kind, at, device: describeDevice(userAgent), address }]);
  const mail = { kind: NOTICE_MAIL, userId: user.id, recipient: user.email, details };
  await enqueueMail(database, { ...mail, waitMs: GATHERED_MS }, transaction);
}

/**
 * The same without waiting for it: the answer to a stranger must not take longer because there is
 * such an account. The server waits for it before it closes.
 */
export function enqueueNoticeInBackground(
  actor: Actor & { deps: { background: Set<Promise<void>>; log: Log } },
  notice: Notice,
): void {
  const { background, log } = actor.deps;
  const writing = enqueueNotice(actor, notice)
    .catch((error: unknown) => {
      // The person was deleted meanwhile.
      if (error instanceof ForeignKeyConstraintError) return;
      log.error({ err: error }, 'A notice could not be put into the queue.');
    })
    .finally(() => background.delete(writing));
  background.add(writing);
}
