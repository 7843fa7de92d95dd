import { expect, vi } from 'vitest';
import { retryMails } from '../mail/mail-queue.ts';
import { startMail } from '../start-mail.ts';
import type { TestServer } from './test-server.ts';

const brisk = { idleMs: 20, awayMs: 20, endMs: 2000 };
const patient = { timeout: 20_000 };

/** Settings of a site with mail whose mail server nobody reaches. */
export const mailOn = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'noreply@example.com' };

/** Sends all mails that wait, also those that would wait for others to go with them, and ends the worker. */
export async function sendMails({ deps, database }: TestServer): Promise<void> {
  await retryMails(database);
  const stop = startMail(deps, brisk);
  await vi.waitFor(
    async () => expect(await database.Mail.count({ where: { sentAt: null } })).toBe(0),
    patient,
  );
  await stop();
}
