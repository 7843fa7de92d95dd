import { vi, expect } from 'vitest';
import { retryMails } from '../mail/mail-queue.ts';
import { NOTICE_MAIL, readEvents } from '../notices/notice-event.ts';
import { startMail } from '../start-mail.ts';
import type { TestServer } from './test-server.ts';

const brisk = { idleMs: 20, awayMs: 20, endMs: 2000 };

/** What the notices that wait tell of, by person, the oldest first. */
export async function listNotices({ database }: TestServer, userId: string): Promise<string[]> {
  const where = { kind: NOTICE_MAIL, userId };
  const mails = await database.Mail.findAll({ where, order: [['createdAt', 'ASC']] });
  return mails.flatMap(({ details }) => readEvents(details).map(({ kind }) => kind));
}

/** Forgets the notices that wait. */
export async function dropNotices({ database }: TestServer): Promise<void> {
  await database.Mail.destroy({ where: { kind: NOTICE_MAIL } });
}

/** Sends all mails that wait, also those that would wait for others to go with them. */
export async function sendMails(server: TestServer): Promise<void> {
  await retryMails(server.database);
  const stop = startMail(server.deps, brisk);
  await vi.waitFor(
    async () => expect(await server.database.Mail.count({ where: { sentAt: null } })).toBe(0),
    { timeout: 20_000 },
  );
  await stop();
}
