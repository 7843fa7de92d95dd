import { listMailsInput, retryMailInput, type MailsPage, type MailView } from '@latchkey/shared';
import { Op, type WhereOptions } from 'sequelize';
import { sendAgain } from '../acts/retry-mails.ts';
import { describeMail } from '../mail/describe-mail.ts';
import { countMails, countSentMails } from '../mail/mail-queue.ts';
import { findPage } from './find-page.ts';
import { openActs, provenProcedure, tellAct } from './proven-procedure.ts';

const isThere = { [Op.ne]: null };

/** What was not sent has an index of its own: among many that were sent it is few. */
const conditions: Record<MailView | 'unsent', WhereOptions[]> = {
  unsent: [{ sentAt: null }],
  waiting: [{ sentAt: null, nextAttemptAt: isThere }],
  failed: [{ sentAt: null, failedAt: isThere }],
  sent: [{ sentAt: isThere }],
  all: [],
};

const mails = provenProcedure
  .input(listMailsInput)
  .query(async ({ ctx, input: { show, cursor } }): Promise<MailsPage> => {
    const { database, settings } = ctx.deps;
    const { rows, isMore } = await findPage(database.Mail, {
      where: conditions[show ?? 'unsent'],
      cursor,
    });
    const { waiting, failed } = await countMails(database);
    return {
      mails: rows.map(describeMail),
      isMore,
      counts: { waiting, failed, sent: await countSentMails(database) },
      isOn: settings.mailPlace !== undefined,
    };
  });

const retryMail = provenProcedure.input(retryMailInput).mutation(async ({ ctx, input: { id } }) => {
  const retried = await sendAgain(openActs(ctx), id);
  if (retried > 0) tellAct(ctx, id === undefined ? 'mails-retried' : 'mail-retried');
  return { retried };
});

/** What an operator does with mails. */
export const mailProcedures = { mails, retryMail };
