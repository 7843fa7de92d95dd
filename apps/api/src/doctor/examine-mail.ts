import { Resolver } from 'node:dns/promises';
import {
  describeMailFault,
  domainOf,
  isOnThisMachine,
  isUntrusted,
  openMailServer,
} from '../mail/mail-server.ts';
import type { MailServer, Sender, Settings } from '../settings/settings.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const DNS_TIMEOUT_MS = 2000;

/** Records of a domain that other mail servers look at; null where the DNS does not answer. */
export type FindTexts = (domain: string) => Promise<string[] | null>;

/** The mail server, and whether others believe what it sends. Nothing is sent. */
export async function* examineMail(
  { mailPlace, mailSender }: Settings,
  findTexts: FindTexts = findTextRecords,
): AsyncGenerator<Finding> {
  if (!mailPlace || !mailSender) {
    yield ok('mail', 'off: SMTP_URL is not set, so the operator makes links to set a password');
    return;
  }
  if (mailPlace === 'dev-page') {
    yield ok('mail', 'shown by npm run dev, at /dev/mail; nothing is sent');
    return;
  }
  yield await examineServer(mailPlace, mailSender);
  yield* await examineSender(mailSender, findTexts);
}

async function examineServer(server: MailServer, sender: Sender): Promise<Finding> {
  const place = `${server.host}:${server.port}`;
  try {
    using connection = await openMailServer(server, sender);
    const refusal = await connection.trySender();
    if (refusal !== null) {
      const advice =
        'Set MAIL_FROM to an address that this server may send from, or allow it there. Until then mails wait in the queue, for a day.';
      return problem('mail server', `${place} refuses ${sender.address}: ${refusal}`, advice);
    }
    const isHere = isOnThisMachine(server);
    const login = server.login ? 'logged in' : 'no log-in needed';
    if (connection.isEncrypted || isHere) {
      const how = connection.isEncrypted ? 'TLS' : 'on this machine';
      return ok('mail server', `${place} answers (${how}, ${login})`);
    }
    const advice = 'Links to set a password cross the network unencrypted. Use a server with TLS.';
    return warning('mail server', `${place} answers, but offers no TLS`, advice);
  } catch (fault) {
    const advice = isUntrusted(fault)
      ? 'Name the server in SMTP_URL as its certificate does. Where the certificate is of your own authority, start Latchkey with NODE_EXTRA_CA_CERTS set to the file of that authority.'
      : 'Check SMTP_URL, and that this machine may reach the server. Mails wait in the queue for a day.';
    return problem('mail server', `${place}: ${describeMailFault(fault)}`, advice);
  }
}

async function examineSender(sender: Sender, findTexts: FindTexts): Promise<Finding[]> {
  const domain = domainOf(sender);
  const [own, policy] = await Promise.all([findTexts(domain), findTexts(`_dmarc.${domain}`)]);
  const dkim = 'Switch DKIM on at your mail server too.';
  if (own === null) {
    const advice = `Look yourself whether ${domain} has an SPF and a DMARC record. ${dkim}`;
    return [warning('mail sender', `the DNS did not answer for ${domain}`, advice)];
  }
  const missing = [
    ...(own.some((text) => /^v=spf1\b/i.test(text)) ? [] : ['SPF']),
    ...(policy?.some((text) => /^v=DMARC1\b/i.test(text)) ? [] : ['DMARC']),
  ];
  if (missing.length === 0)
    return [ok('mail sender', `${sender.address}, with SPF and DMARC. ${dkim}`)];
  const advice = `Add TXT records that name your mail server, or mails land in spam. ${dkim}`;
  return [warning('mail sender', `${domain} has no ${missing.join(' and no ')} record`, advice)];
}

async function findTextRecords(domain: string): Promise<string[] | null> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  try {
    return (await resolver.resolveTxt(domain)).map((parts) => parts.join(''));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENODATA', 'ENOTFOUND'].includes(code) ? [] : null;
  }
}
