import type { MailConnection, OutgoingMail } from './mail-server.ts';

/** A mail that stayed here. */
export type KeptMail = OutgoingMail & { number: number; sentAt: Date };

/** Takes mails in place of a mail server, and keeps the newest in memory, for their developer. */
export type KeptMails = {
  connect: () => Promise<MailConnection>;
  /** The newest first. */
  list: () => readonly KeptMail[];
  find: (number: number) => KeptMail | undefined;
};

const MOST_KEPT = 50;

/** They hold codes that work, so they are written to no disk. */
export function createKeptMails(): KeptMails {
  const kept: KeptMail[] = [];
  let count = 0;

  async function send(mail: OutgoingMail) {
    count += 1;
    kept.unshift({ ...mail, number: count, sentAt: new Date() });
    kept.splice(MOST_KEPT);
    return { outcome: 'sent' as const };
  }

  return {
    connect: async () => ({ isEncrypted: true, send, [Symbol.dispose]: () => undefined }),
    list: () => kept,
    find: (number) => kept.find((mail) => mail.number === number),
  };
}
