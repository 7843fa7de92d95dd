import { readInOrder, type Database } from '@latchkey/db';
import type { Command } from 'commander';
import { sendAgain } from '../acts/retry-mails.ts';
import { describeMailState } from '../mail/describe-mail.ts';
import { countMails } from '../mail/mail-queue.ts';
import { showEmail } from '../users/show-email.ts';
import { showTime } from '../text/show-time.ts';
import { count } from '../text/count-noun.ts';
import { isId } from '../users/find-user.ts';
import { openSite, type OpenSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { showText } from './print.ts';
import { printJsonList, printTable } from './print-rows.ts';

const columns = [
  { heading: 'ID' },
  { heading: 'STATE', width: 'retrying'.length },
  { heading: 'KIND', width: 'password-reset'.length },
  { heading: 'TO', width: 40 },
  { heading: 'TRIES' },
  { heading: 'SINCE' },
  { heading: 'LAST ERROR' },
];

const listMails = ({ Mail }: Database) => readInOrder(Mail, { by: ['createdAt', 'DESC'] });

async function* describeMails(database: Database): AsyncGenerator {
  for await (const mail of listMails(database)) {
    const { id, kind, userId, recipient, attempts, lastError } = mail;
    const { createdAt, nextAttemptAt, sentAt, failedAt } = mail;
    const times = { createdAt, nextAttemptAt, sentAt, failedAt };
    yield {
      id,
      state: describeMailState(mail),
      kind,
      userId,
      recipient,
      attempts,
      ...times,
      lastError,
    };
  }
}

async function* showMails(database: Database): AsyncGenerator<string[]> {
  for await (const mail of listMails(database)) {
    yield [
      mail.id,
      describeMailState(mail),
      mail.kind,
      mail.recipient === null ? '' : showEmail(mail.recipient),
      String(mail.attempts),
      showTime(mail.createdAt),
      showText(mail.lastError ?? ''),
    ];
  }
}

async function retry(site: OpenSite, id: string | undefined): Promise<number> {
  const tried = id === undefined || isId(id) ? await sendAgain(site, id?.toLowerCase()) : 0;
  if (tried > 0 || id === undefined) return tried;
  throw new OperatorError(
    'No mail with this id waits or has failed. See npm run admin -- mail list',
  );
}

/** `mail list` and `mail retry`. */
export function addMailCommands(parent: Command): void {
  parent
    .command('list')
    .description('list mails that wait, were sent this week or have failed, newest first')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      await using site = await openSite();
      const { database } = site;
      if (json) return await printJsonList(describeMails(database));
      await printTable(columns, showMails(database));
      const { waiting, failed } = await countMails(database);
      console.log(`${count(waiting, 'mail')} waiting, ${failed} failed.`);
    });

  parent
    .command('retry')
    .description('send mails that wait or have failed again, now')
    .argument('[id]', 'id of one mail, from mail list')
    .action(async (id: string | undefined) => {
      await using site = await openSite();
      const tried = await retry(site, id);
      console.log(`${count(tried, 'mail')} will be sent within seconds by the running server.`);
    });
}
