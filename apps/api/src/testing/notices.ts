import { NOTICE_MAIL, readEvents } from '../notices/notice-event.ts';
import type { TestServer } from './test-server.ts';

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
