import type { FastifyInstance } from 'fastify';
import { admitReaders } from '../http/admit-readers.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { notFound } from '../http/refusal.ts';
import { isFromThisMachine } from '../http/this-machine.ts';
import { countMails } from '../mail/mail-queue.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { devMailPolicy, writeDevMail } from './write-dev-mail.ts';

export const devMailPath = '/dev/mail';

/** Links open beside the page; nothing else of a mail does anything. */
const sandbox = 'allow-popups allow-popups-to-escape-sandbox';
const framePolicy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox ${sandbox}`;

/**
 * `GET /dev/mail`, the mails of a development server, for programs of this machine. For all others there
 * is no such route.
 *
 * @see docs/decisions/0069-mails-of-a-development-server.md
 */
export function addDevMail(server: FastifyInstance, { keptMails, database }: ServerDeps): void {
  const isOurs = (path: string) => path === devMailPath || path.startsWith(`${devMailPath}/`);
  admitReaders(
    server,
    'devMailReader',
    (request, path) => isOurs(path) && isFromThisMachine(request),
  );
  const constraints = { devMailReader: true };

  server.get(devMailPath, { constraints }, async (_request, reply) => {
    forbidStoring(reply);
    const { waiting } = await countMails(database);
    const page = writeDevMail(keptMails.list(), { path: devMailPath, sandbox, waiting });
    reply.header('content-security-policy', devMailPolicy).header('referrer-policy', 'no-referrer');
    return reply.type('text/html; charset=utf-8').send(page);
  });

  server.get<{ Params: { number: string } }>(
    `${devMailPath}/:number`,
    { constraints },
    async ({ params }, reply) => {
      const mail = keptMails.find(Number(params.number));
      if (!mail) throw notFound;
      forbidStoring(reply);
      reply
        .header('content-security-policy', framePolicy)
        .header('x-frame-options', 'SAMEORIGIN')
        // The frame has no origin to key anything by, and Chromium warns of a page that asks for it.
        .header('origin-agent-cluster', '?0')
        .header('referrer-policy', 'no-referrer');
      // In the frame itself the site's pages would not open: they let nobody frame them.
      const html = mail.html.replace('<head>', '<head><base target="_blank">');
      return reply.type('text/html; charset=utf-8').send(html);
    },
  );
}
