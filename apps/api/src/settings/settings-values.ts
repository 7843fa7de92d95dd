import { isIP } from 'node:net';
import { parseNextPath, readEmail } from '@latchkey/shared';
import { z } from 'zod';

/** Digits alone: 0x10, 1e3 and 3_000 would each mean something to somebody. */
export const wholeNumber = (least: number, most: number) => {
  const sentence = `must be a whole number from ${least} to ${most}, in digits alone`;
  return z
    .string()
    .regex(/^-?\d+$/, sentence)
    .transform(Number)
    .pipe(z.number(sentence).int(sentence).min(least, sentence).max(most, sentence));
};

// What a header can carry as it is.
export const bearerToken = z
  .string()
  .regex(
    /^[!-~]{16,}$/,
    'must have at least 16 characters: letters, digits and signs without spaces',
  );

export const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

/** `none`, `all`, or names of roles with commas between them. */
export const factorDemand = z.string().transform((text, context) => {
  const names = text.split(',').map((name) => name.trim());
  if (names.join() === 'none') return [];
  if (names.join() === 'all') return 'all' as const;
  if (names.every((name) => /^[a-z][a-z0-9-]{0,29}$/.test(name))) return names;
  const message = 'must be none, all, or names of roles such as editor,staff';
  context.issues.push({ code: 'custom', message, input: text });
  return z.NEVER;
});

const isLocalHost = (hostname: string) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** A URL may hold "$" or "," in its host, and no real one does. */
const isRealHost = (hostname: string) => /^[\w.-]+$|^\[/.test(hostname);

const addressOf = (sentence: string) =>
  z.string().transform((text, context) => {
    const url = URL.parse(text);
    if (
      url &&
      /^https?:$/.test(url.protocol) &&
      url.href === `${url.origin}/` &&
      isRealHost(url.hostname)
    ) {
      return url.origin;
    }
    context.addIssue(sentence);
    return z.NEVER;
  });

export const origin = addressOf('must be an address without a path, such as https://example.com');

/** How the provider calls itself. Its answers name it letter by letter, so it stays as it is written. */
export const issuer = z.string().refine((text) => {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLocalHost(url.hostname))) &&
    isRealHost(url.hostname) &&
    text.length <= 500 &&
    !/[?#@\s]|\/\.well-known\//.test(text)
  );
}, 'must be the address of an OpenID provider, such as https://accounts.example.com, without /.well-known/openid-configuration (plain http:// is only for localhost)');

export const clientId = z
  .string()
  .regex(/^[ -~]{1,255}$/, 'must be the id that the provider gave this site');

export const label = z
  .string()
  .regex(
    /^[^\p{Cc}\p{Cf}<>]{1,40}$/u,
    'must be a name with at most 40 characters, such as Example',
  );

export const claimName = z
  .string()
  .regex(/^[\w:/.-]{1,200}$/, 'must be the name of a claim, such as groups');

export const publicUrl = origin.refine((text) => {
  const url = new URL(text);
  return url.protocol === 'https:' || isLocalHost(url.hostname);
}, 'must start with https:// (plain http:// is only for localhost, because the session cookie would not be encrypted)');

export const originList = z
  .string()
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .pipe(
    z.array(
      addressOf(
        'must be addresses without a path, such as https://example.com, with commas between them',
      ),
    ),
  );

const isUnreplaced = (path: string) => /^~|\$[\w{(]/.test(path);
const asItIs = 'must be a path as it is: "~" and "$HOME" are not replaced here';

export const folderPath = z.string().refine((path) => !isUnreplaced(path), asItIs);

const postgresSentence =
  'must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME, where a sign in the password such as # / ? % @ is written %23 %2F %3F %25 %40';

export const databaseUrl = z
  .string()
  .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)/, {
    error: 'must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME',
    abort: true,
  })
  .refine((url) => !/^sqlite:(\/\/|file:|:memory:)/.test(url), {
    message:
      'must be sqlite:PATH with the plain path of a file, such as sqlite:data/latchkey.sqlite',
    abort: true,
  })
  .refine((url) => !url.startsWith('sqlite:') || !isUnreplaced(url.slice('sqlite:'.length)), asItIs)
  .refine((url) => url.startsWith('sqlite:') || isWholePostgresUrl(url), postgresSentence);

function isWholePostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.hash !== '') return false;
  try {
    decodeURIComponent(url.username + url.password);
    return true;
  } catch {
    return false;
  }
}

/** What to listen at: an IP address, or a name of this machine. */
export const host = z
  .string()
  .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
  .refine(
    (text) => isIP(text) !== 0 || /^[a-z\d]([\w-]*[a-z\d])?(\.[\w-]+)*\.?$/i.test(text),
    'must be an address of this machine without http:// and without a port, such as 127.0.0.1, or 0.0.0.0 for all',
  );

/** Domains with commas between them, as mail carries them; `*.example.org` is all below example.org. */
export const emailDomains = z.string().transform((text, context) => {
  const domains = text.split(',').flatMap((part) => part.trim() || []);
  const read = domains.map(readEmailDomain);
  const known = read.filter((domain) => domain !== null);
  if (known.length === read.length) return [...new Set(known)];
  const message =
    'must be domains such as example.org, or *.example.org for all below it, with commas between them';
  context.issues.push({ code: 'custom', message, input: text });
  return z.NEVER;
});

function readEmailDomain(written: string): string | null {
  const [, star = '', domain = ''] = /^(\*\.)?(.*?)\.?$/s.exec(written) ?? [];
  if (/[@[\]*]/.test(domain)) return null;
  const read = readEmail(`a@${domain}`);
  return 'email' in read ? star + read.email.slice('a@'.length).toLowerCase() : null;
}

/** A way to reach people: where a link to it leads, and its text where that is more than a name for it. */
export type Contact = { href: string; text?: string };

/** An email address, an address on the web, or the path of a public page. */
export const contact = z.string().transform((written, context): Contact => {
  const found = readContact(written);
  if (found) return found;
  context.addIssue(
    'must be an email address, the address of a page such as https://example.com/help, or the path of a public page',
  );
  return z.NEVER;
});

function readContact(written: string): Contact | null {
  const path = written.startsWith('/') ? parseNextPath(written) : null;
  if (path !== null) return { href: path };
  const [, local = '', domain = ''] =
    /^(?:mailto:)?([^\s@<>"',;:/?#]+)@([^\s@<>"',;:/?#]+)$/.exec(written) ?? [];
  if (domain) {
    return { href: `mailto:${encodeURIComponent(local)}@${domain}`, text: `${local}@${domain}` };
  }
  const url = URL.parse(written);
  const isPage = url && /^https?:$/.test(url.protocol) && isRealHost(url.hostname) && !url.username;
  return isPage ? { href: url.href } : null;
}
