import type { Database } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import type { Settings } from '../settings/settings.ts';
import { WAITING_MAIL } from './approval-mails.ts';
import { findOperators } from './find-operators.ts';

/** How long the first registration waits for others that are told of in the same mail. */
const GATHERED_MS = 15 * 60_000;

/**
 * Lets each operator know by mail that somebody waits. Who has such a mail in the queue gets no other: a
 * flood of registrations is one mail in a quarter of an hour.
 */
export async function tellOperators(
  { database, settings }: { database: Database; settings: Settings },
  transaction: Transaction,
): Promise<void> {
  if (!settings.mailPlace) return;
  for (const { id: userId } of await findOperators(database, transaction)) {
    const where = { kind: WAITING_MAIL, userId, nextAttemptAt: { [Op.ne]: null }, attempts: 0 };
    if ((await database.Mail.count({ where, transaction })) > 0) continue;
    await enqueueMail(database, { kind: WAITING_MAIL, userId, waitMs: GATHERED_MS }, transaction);
  }
}
