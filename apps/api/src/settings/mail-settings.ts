import { z } from 'zod';

/** The mail server that takes the site's mails. */
export type MailServer = {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise it begins after STARTTLS. */
  isSecure: boolean;
  /** Mails go out in the clear where the server offers no STARTTLS; a password never does. */
  isTlsOptional?: true;
  login?: { user: string; password: string };
};
/** An address, and the name beside it where there is one. */
export type Sender = { name?: string; address: string };

/** Where mails go: to a server, or to a page of the development server. */
export type MailPlace = MailServer | 'dev-page';

const urlSentence =
  'must be smtp://USER:PASSWORD@HOST:PORT or smtps://…, where a sign in the user or password such as # / ? % @ is written %23 %2F %3F %25 %40';
/** The ports of mail submission. */
const ports = { 'smtp:': 587, 'smtps:': 465 };

export const smtpUrl = z.string().transform((text, context): MailServer => {
  const server = readServer(text);
  if (server) return server;
  context.addIssue(urlSentence);
  return z.NEVER;
});

function readServer(text: string): MailServer | null {
  const url = URL.parse(text);
  const isScheme = url?.protocol === 'smtp:' || url?.protocol === 'smtps:';
  if (!isScheme || !/^([\w.-]+|\[[\da-f:.]+\])$/i.test(url.hostname)) return null;
  if (!/^\/?$/.test(url.pathname) || url.hash || url.port === '0') return null;
  const isTlsOptional = url.search === '?tls=optional' && url.protocol === 'smtp:';
  if (url.search && !isTlsOptional) return null;
  const login = readLogin(url);
  if (login === null) return null;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || ports[url.protocol as keyof typeof ports],
    isSecure: url.protocol === 'smtps:',
    ...(isTlsOptional && { isTlsOptional }),
    ...(login && { login }),
  };
}

/** Undefined where there is none, null where it cannot be read. */
function readLogin({ username, password }: URL): MailServer['login'] | null {
  if (!username && !password) return undefined;
  if (!username || !password) return null;
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return null;
  }
}

/** `noreply@example.com`, or `The Name <noreply@example.com>`. */
export const mailFrom = z.string().transform((text, context): Sender => {
  const [, name = '', inBrackets] = /^(.*?)\s*<([^<>]*)>$/.exec(text) ?? [];
  const address = inBrackets ?? text;
  const isAddress = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(\.[a-z\d-]+)*$/i.test(address);
  const isName = !/[\p{Cc}"<>@]/u.test(name);
  if (isAddress && isName) return name ? { name, address } : { address };
  context.addIssue('must be an address such as noreply@example.com, or Name <noreply@example.com>');
  return z.NEVER;
});

type MailVariables = {
  SMTP_URL?: MailServer | undefined;
  MAIL_FROM?: Sender | undefined;
  LATCHKEY_DEV_SITE?: string | undefined;
  LATCHKEY_DEV_MAIL: boolean;
};
type ChosenMail = { mailPlace: MailPlace | undefined; mailSender: Sender | undefined };

const devSender: Sender = { address: 'noreply@localhost' };

/** No mail leaves a development server that was asked to show its mails, whatever else is set. */
export function chooseMail(env: MailVariables, isProduction: boolean): ChosenMail {
  const { SMTP_URL: server, MAIL_FROM: sender } = env;
  const isShown = env.LATCHKEY_DEV_MAIL && env.LATCHKEY_DEV_SITE !== undefined && !isProduction;
  if (isShown) return { mailPlace: 'dev-page', mailSender: sender ?? devSender };
  return { mailPlace: server, mailSender: sender };
}
