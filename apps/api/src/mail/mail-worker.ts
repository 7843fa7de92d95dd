import { setTimeout as wait } from 'node:timers/promises';
import type { Database, Mail } from '@latchkey/db';
import type { Log } from '../process/log.ts';
import type { Metrics } from '../process/metrics.ts';
import type { MailContent } from './mail-content.ts';
import {
  claimMail,
  dropMail,
  giveMailUp,
  giveUpOldMails,
  isMailDue,
  markSent,
  postponeMail,
} from './claim-mail.ts';
import { describeMailFault, type MailConnection } from './mail-server.ts';

/** Makes the content of a mail at the moment it is sent; null when there is nothing to tell any more. */
export type ComposeMail = (mail: Mail) => Promise<MailContent | null>;

export type MailWorkerParts = {
  database: Database;
  log: Log;
  metrics: Pick<Metrics, 'mails'>;
  /** Kind → its template. */
  composers: Record<string, ComposeMail>;
  /** Where the Message-ID of each mail ends. */
  domain: string;
  connect: () => Promise<MailConnection>;
};

export type Pace = { idleMs: number; awayMs: number; endMs: number };
/** `awayMs` is how long a mail server that cannot be reached is left alone. */
const calm: Pace = { idleMs: 1000, awayMs: 15_000, endMs: 5000 };

/**
 * Sends what waits in the queue, beside the requests: it looks every second, one mail at a time. Nothing
 * is claimed before the mail server is there, so that its absence costs no mail an attempt.
 *
 * @returns how to stop: it waits for the mail at hand, for a short time
 */
export function startMailWorker(parts: MailWorkerParts, pace: Pace = calm): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined);

  async function work(): Promise<void> {
    while (!signal.aborted) {
      const isAway = await sendDueMails(parts, signal).catch((error: unknown) => {
        parts.log.error({ err: error }, 'The queue of mails could not be read or written.');
        return true;
      });
      await pause(isAway ? pace.awayMs : pace.idleMs);
    }
  }

  const working = work();
  return async () => {
    ending.abort();
    await Promise.race([working, wait(pace.endMs, undefined, { ref: false })]);
  };
}

/** True where there is no use in trying again at once. */
async function sendDueMails(parts: MailWorkerParts, signal: AbortSignal): Promise<boolean> {
  const { database, log, metrics, connect } = parts;
  if (!(await isMailDue(database))) return false;
  let connection: MailConnection;
  try {
    connection = await connect();
  } catch (fault) {
    const error = describeMailFault(fault);
    log.warn({ reason: error }, 'The mail server cannot be used. Mails wait in the queue.');
    metrics.mails.inc({ outcome: 'failed' }, await giveUpOldMails(database, error));
    return true;
  }
  using open = connection;
  while (!signal.aborted) {
    const mail = await claimMail(database);
    if (!mail) return false;
    // What broke the connection may not have been the mail: the next one has a connection of its own.
    if (!(await sendMail(parts, open, mail))) return false;
  }
  return false;
}

/** False where the connection is of no use any more. */
async function sendMail(
  { database, log, metrics, composers, domain }: MailWorkerParts,
  connection: MailConnection,
  mail: Mail,
): Promise<boolean> {
  const { id: mailId, kind, attempts } = mail;
  const compose = composers[kind];
  if (!compose) {
    // Another version of the program, which this process runs beside, has the template.
    await postponeMail(database, mail, `This version has no template ${kind}.`);
    return true;
  }
  let content: MailContent | null;
  try {
    content = await compose(mail);
  } catch (error) {
    log.error({ err: error, mailId, kind }, 'A mail could not be written.');
    await postponeMail(database, mail, 'The mail could not be written. The log says why.');
    return true;
  }
  if (content === null) {
    await dropMail(database, mail);
    return true;
  }
  const { hasCode, ...written } = content;
  // A mail with a new code is a new message: whoever shows one of each id must show the newest.
  const messageId = `<${mailId}${hasCode ? `.${attempts}` : ''}@${domain}>`;
  const sending = await connection.send({ ...written, messageId });
  if (sending.outcome === 'sent') {
    await markSent(database, mail);
    metrics.mails.inc({ outcome: 'sent' });
    log.info({ mailId, kind, attempts }, 'mail sent');
    return true;
  }
  metrics.mails.inc({ outcome: sending.isFinal ? 'failed' : 'postponed' });
  log.warn({ mailId, kind, attempts, isFinal: sending.isFinal }, 'mail not sent');
  await (sending.isFinal ? giveMailUp : postponeMail)(database, mail, sending.error);
  return false;
}
