import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived. */
export type ArrivedMail = { to: string; source: string };

/** Refuses with this answer, as SMTP does. */
export const refuse = (responseCode: number, message = 'no') =>
  Object.assign(new Error(message), { responseCode });

const plain: SMTPServerOptions = {
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  logger: false,
};

/** A real mail server on a free port of this machine. Take it with `await using`. */
export async function startMailServer(options: SMTPServerOptions = {}, port = 0) {
  const mails: ArrivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    ...plain,
    onData(stream, { envelope }, done) {
      void text(stream).then((source) => {
        mails.push({ to: envelope.rcptTo[0]?.address ?? '', source });
        done();
      });
    },
    ...options,
  });
  // A client that goes away in the middle is part of the tests.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: taken } = server.server.address() as AddressInfo;
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    mails,
    port: taken,
    settings: {
      SMTP_URL: `smtp://127.0.0.1:${taken}`,
      MAIL_FROM: 'Latchkey <noreply@example.com>',
    },
    /** Ends every connection without a word. */
    cut,
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<null>();
      server.close(() => closed.resolve(null));
      cut();
      await closed.promise;
    },
  };
}

/** A mail's source as people read it. */
export const decode = (source: string) =>
  Buffer.from(
    source
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([\dA-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  ).toString();

/** The code of the link in a mail, to a page. */
export function findCode({ source }: ArrivedMail, page = '[a-z-]+'): string {
  return new RegExp(`/${page}#([\\w-]{43})$`, 'm').exec(decode(source))?.[1] ?? '';
}

export const readHeader = ({ source }: ArrivedMail, name: string): string =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(source)?.[1]?.trim() ?? '';
