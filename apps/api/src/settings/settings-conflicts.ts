import { totalmem } from 'node:os';
import { createSiteAccess, ownAccess, type AccessRules } from '@latchkey/shared';
import { findOidcConflict } from './oidc-settings.ts';

type Lifetimes = { idleSeconds: number; absoluteSeconds: number };

/** What is looked at together. */
type Settings = {
  publicOrigin: string;
  givenOrigin?: string | undefined;
  contact?: { href: string } | undefined;
  accessRules?: AccessRules | undefined;
  isHttps: boolean;
  port: number;
  trustedProxies: number;
  allowedOrigins: string[];
  mailPlace?: unknown;
  registration: string;
  allowedEmailDomains: string[];
  session: { plain: Lifetimes; stay: Lifetimes };
  password: { log2N: number; r: number; concurrency: number };
};

type Conflicts = { faults: string[]; warnings: string[] };

const mebibyte = 1024 * 1024;

/**
 * What does not fit together among settings that are right each by themselves.
 *
 * @param given the variables that were set, as written
 */
export function findConflicts(settings: Settings, given: Record<string, string>): Conflicts {
  const { fault, warning } = findMemoryConflict(settings, given);
  return {
    faults: [
      ...(fault ?? []),
      ...findMailConflict(given),
      ...findOidcConflict(given),
      ...findSiteConflicts(settings, given),
    ],
    warnings: [
      ...(warning ?? []),
      ...findAddressConflicts(settings),
      ...findSessionConflicts(settings, given),
      ...findDevMailConflict(settings, given),
      ...findRegistrationConflicts(settings),
    ],
  };
}

function findMemoryConflict(
  { password }: Settings,
  given: Record<string, string>,
): { fault?: string[]; warning?: string[] } {
  const one = 128 * 2 ** password.log2N * password.r;
  const there = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const describe = (bytes: number) => `${Math.round(bytes / mebibyte)} MiB`;
  if (one > there) {
    const sentence = `PASSWORD_SCRYPT_LOG2N and PASSWORD_SCRYPT_R take ${describe(one)} for one hash, and there are ${describe(there)} of memory. Lower one of them.`;
    return { fault: [sentence] };
  }
  const all = one * password.concurrency;
  const isChosen = Object.keys(given).some((name) => name.startsWith('PASSWORD_'));
  if (!isChosen || all <= there * 0.75) return {};
  const sentence = `PASSWORD_CONCURRENCY hashes at once take ${describe(all)}, and there are ${describe(there)} of memory. Lower it, or the cost of a hash.`;
  return { warning: [sentence] };
}

/** A site that was built elsewhere comes with its rules; a page that visitors are sent to is public. */
function findSiteConflicts(
  { contact, accessRules }: Settings,
  { SITE_DIR: folder, ACCESS_RULES: rules }: Record<string, string>,
): string[] {
  const faults: string[] = [];
  if (folder !== undefined && rules === undefined) {
    faults.push('SITE_DIR needs ACCESS_RULES: the file that says who may have what of it.');
  }
  if (rules !== undefined && folder === undefined) {
    faults.push(
      'ACCESS_RULES needs SITE_DIR. The rules of the site in this project are in packages/shared/src/access-rules.ts.',
    );
  }
  const path = contact?.href.startsWith('/') ? contact.href.split(/[?#]/, 1)[0] : undefined;
  const access = accessRules ? createSiteAccess(accessRules) : ownAccess;
  const isClosed =
    path !== undefined && access.findAccess(path.replace(/(.)\/$/, '$1')) !== 'public';
  if (isClosed) {
    faults.push(
      'CONTACT must be an email address, the address of a page such as https://example.com/help, or the path of a page on the list of public pages.',
    );
  }
  return faults;
}

/** A site sends mail with both or with neither. */
function findMailConflict(given: Record<string, string>): string[] {
  const { SMTP_URL: server, MAIL_FROM: sender } = given;
  if (server !== undefined && sender === undefined) {
    return ['SMTP_URL needs MAIL_FROM: the address that mails come from.'];
  }
  if (sender !== undefined && server === undefined) {
    return ['MAIL_FROM needs SMTP_URL: the server that sends the mails.'];
  }
  return [];
}

function findDevMailConflict(
  { mailPlace }: Settings,
  { LATCHKEY_DEV_MAIL: isWanted }: Record<string, string>,
): string[] {
  if (isWanted !== 'true' || mailPlace === 'dev-page') return [];
  return [
    'LATCHKEY_DEV_MAIL has no effect: mails are shown by npm run dev alone, and not with an https PUBLIC_URL or NODE_ENV=production.',
  ];
}

function findAddressConflicts(settings: Settings): string[] {
  const { publicOrigin, givenOrigin, isHttps, trustedProxies, port, allowedOrigins } = settings;
  const { port: publicPort } = new URL(publicOrigin);
  const isElsewhere = givenOrigin && !isHttps && trustedProxies === 0 && port !== 0;
  return [
    isHttps &&
      trustedProxies === 0 &&
      'PUBLIC_URL is https, so a proxy stands in front, but TRUST_PROXY is 0: all visitors share one limit. Set it to the number of proxies.',
    isElsewhere &&
      Number(publicPort || 80) !== port &&
      'PUBLIC_URL and PORT name different ports, so forms that are sent at PORT are refused. Take PUBLIC_URL away, or give it the same port.',
    allowedOrigins.includes(publicOrigin) &&
      'ALLOWED_ORIGINS holds PUBLIC_URL, which may do everything anyway. Take it away.',
  ].flatMap((sentence) => sentence || []);
}

function findRegistrationConflicts({ registration, allowedEmailDomains }: Settings): string[] {
  if (registration !== 'closed' || allowedEmailDomains.length === 0) return [];
  return [
    'ALLOWED_EMAIL_DOMAINS holds for changes of an email alone while REGISTRATION is closed. Take it away if it was meant for registrations.',
  ];
}

function findSessionConflicts({ session }: Settings, given: Record<string, string>): string[] {
  const kinds = [
    [session.plain, 'SESSION_IDLE_SECONDS', 'SESSION_ABSOLUTE_SECONDS'],
    [session.stay, 'SESSION_STAY_IDLE_SECONDS', 'SESSION_STAY_ABSOLUTE_SECONDS'],
  ] as const;
  const idle = kinds.flatMap(([{ idleSeconds, absoluteSeconds }, idleName, absoluteName]) =>
    given[idleName] !== undefined && idleSeconds > absoluteSeconds
      ? `${idleName} is longer than ${absoluteName}, so it has no effect: the shorter one ends a session.`
      : [],
  );
  const isStayShorter = session.stay.absoluteSeconds < session.plain.absoluteSeconds;
  return [
    ...idle,
    ...(isStayShorter
      ? [
          '“Stay signed in” ends sooner than a plain session: SESSION_STAY_ABSOLUTE_SECONDS is less than SESSION_ABSOLUTE_SECONDS.',
        ]
      : []),
  ];
}
