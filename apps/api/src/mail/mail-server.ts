import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer, Sender } from '../settings/settings.ts';

const SECOND_MS = 1000;
const timeouts = {
  dnsTimeout: 10 * SECOND_MS,
  connectionTimeout: 10 * SECOND_MS,
  greetingTimeout: 20 * SECOND_MS,
  /** Without a byte of the server. */
  socketTimeout: 30 * SECOND_MS,
  socketCloseTimeout: SECOND_MS,
};
/** However slowly a server answers, byte after byte: shorter than a claim on a mail. */
const LONGEST_STEP_MS = 60 * SECOND_MS;

/** A mail as it is sent. */
export type OutgoingMail = {
  messageId: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
};

/** `isFinal`: the server refuses this mail, now and later. */
type Sending = { outcome: 'sent' } | { outcome: 'failed'; isFinal: boolean; error: string };

/** An open connection to the mail server, logged in. Take it with `using`. */
export type MailConnection = Disposable & {
  isEncrypted: boolean;
  send: (mail: OutgoingMail) => Promise<Sending>;
};

type MailServerConnection = MailConnection & {
  /** Has the sender's address looked at, and sends nothing. What the server has against it, or null. */
  trySender: () => Promise<string | null>;
};

/** Nobody can listen on the way to a server of this machine. */
export const isOnThisMachine = ({ host }: MailServer): boolean =>
  ['localhost', '127.0.0.1', '::1'].includes(host);

export const domainOf = ({ address }: Sender): string =>
  address.slice(address.lastIndexOf('@') + 1);

/** Connects and logs in. Throws what the mail server, or the way to it, has against it. */
export async function openMailServer(
  server: MailServer,
  sender: Sender,
): Promise<MailServerConnection> {
  const isHere = isOnThisMachine(server);
  const connection = new SMTPConnection({
    ...timeouts,
    host: server.host,
    port: server.port,
    secure: server.isSecure,
    // No password and no link goes over a network in the clear, also where somebody on the way takes the
    // server's offer of TLS out. On this machine there is nobody to listen.
    requireTLS: !server.isSecure && !isHere && !mayBeClear(server),
    customAuth: { [SENDER_TRIAL]: trySender },
    ignoreTLS: isHere,
    name: domainOf(sender),
  });
  const run = createSteps(connection);
  try {
    await run((done) => connection.connect(done));
    const { login } = server;
    if (login)
      await run((done) => connection.login({ user: login.user, pass: login.password }, done));
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    isEncrypted: connection.secure,
    trySender: () =>
      run((done) => connection.login({ method: SENDER_TRIAL, user: sender.address }, done)).then(
        () => null,
        describeMailFault,
      ),
    send: (mail) => send(connection, run, sender, mail),
    [Symbol.dispose]: () => connection.quit(),
  };
}

const mayBeClear = ({ isTlsOptional, login }: MailServer): boolean =>
  isTlsOptional === true && login === undefined;

/** The library's way for commands of one's own. */
const SENDER_TRIAL = 'LATCHKEY-SENDER';

async function trySender(context: SMTPConnection.CustomAuthenticationContext): Promise<void> {
  const { user = '' } = context.auth;
  const { status, response } = await context.sendCommand(`MAIL FROM:<${user}>`);
  // The library tells the answer that came last.
  if (status >= 300) throw Object.assign(new Error('refused'), { response });
  await context.sendCommand('RSET');
}

type Step = (start: (done: (error?: Error | null) => void) => void) => Promise<unknown>;

/** Steps of a conversation that end: with the step itself, with the connection, or when time is over. */
function createSteps(connection: SMTPConnection): Step {
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  connection.on('error', (error: Error) => broken.reject(error));
  connection.on('end', () => broken.reject(new Error('The mail server closed the connection.')));
  return (start) => {
    const step = Promise.withResolvers<null>();
    const timer = setTimeout(() => {
      step.reject(new Error('The mail server took too long to answer.'));
      connection.close();
    }, LONGEST_STEP_MS);
    start((error) => (error ? step.reject(error) : step.resolve(null)));
    return Promise.race([step.promise, broken.promise]).finally(() => clearTimeout(timer));
  };
}

async function send(
  connection: SMTPConnection,
  run: Step,
  sender: Sender,
  { recipient, ...content }: OutgoingMail,
): Promise<Sending> {
  const from = { name: sender.name ?? '', address: sender.address };
  // Tells programs that answer mails not to answer this one.
  const headers = { 'Auto-Submitted': 'auto-generated' };
  const composer = new MailComposer({ ...content, from, to: recipient, headers });
  const message = await composer.compile().build();
  try {
    const envelope = { from: sender.address, to: recipient };
    await run((done) => connection.send(envelope, message, done));
    return { outcome: 'sent' };
  } catch (fault) {
    connection.close();
    return { outcome: 'failed', isFinal: isFinal(fault), error: describeMailFault(fault) };
  }
}

/** A refusal of the address or of the message stays one; one of the log-in or of the sender is mended. */
function isFinal(fault: unknown): boolean {
  const { responseCode = 0, command } = fault as { responseCode?: number; command?: string };
  return responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
}

const untrusted = /certificate|altnames|CERT_/i;

/** Whether the server's certificate is not one for it of an authority that is trusted here. */
export const isUntrusted = (fault: unknown): boolean =>
  fault instanceof Error && !('response' in fault) && untrusted.test(fault.message);

/** What went wrong in one line. */
export function describeMailFault(fault: unknown): string {
  const { response, code } = fault as { response?: string; code?: string };
  const message = fault instanceof Error ? fault.message : String(fault);
  const text = response ?? (code && !message.includes(code) ? `${code}: ${message}` : message);
  return `${explainTlsFault(fault)}${text}`.replaceAll(/\s+/g, ' ');
}

function explainTlsFault(fault: unknown): string {
  if (isUntrusted(fault)) return 'The certificate of the mail server is not trusted. ';
  if ((fault as { code?: string }).code !== 'ETLS') return '';
  return 'The mail server does not begin TLS, and nothing is sent without it. ';
}
