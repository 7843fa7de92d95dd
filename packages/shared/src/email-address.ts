import { cleanIdentifier } from './invisible.ts';
import { EMAIL_MAX_LENGTH } from './limits.ts';

/** An address in the one form that is kept and compared, or what is wrong with it, in a sentence. */
export type ReadEmail = { email: string } | { fault: string };

/** Longest part before the @, in bytes (RFC 5321). */
const LOCAL_MAX_BYTES = 64;

const plainLocal = /^[a-z\d!#$%&'*+/=?^_`{|}~.-]$/i;
const quoted = /^"((?:[^"\\]|\\.)*)"@(.*)$/su;
const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const dots = /[.\u3002\uff61]/;

class EmailFault extends Error {}

function refuse(sentence: string): never {
  throw new EmailFault(sentence);
}

/**
 * Reads an email address as people type or paste it. Kept is the form that mail carries: the domain in
 * ASCII, and no invisible characters. It is compared in lower case. ASCII keeps the case in which it was
 * typed; a part with other letters is kept in lower case, because SQLite lowers ASCII alone.
 *
 * @see docs/decisions/0031-one-form-of-an-email-address.md
 */
export function readEmail(text: string): ReadEmail {
  try {
    const { local, domain } = splitEmail(cleanIdentifier(text));
    const email = `${local}@${readDomain(domain)}`;
    const bytes = new TextEncoder().encode(email).length;
    if (bytes > EMAIL_MAX_LENGTH) {
      refuse(`An email address has at most ${EMAIL_MAX_LENGTH} characters.`);
    }
    return { email };
  } catch (fault) {
    if (fault instanceof EmailFault) return { fault: fault.message };
    throw fault;
  }
}

/** What was typed as "email or username", in the form that is compared. */
export function readIdentifier(text: string): string {
  const clean = cleanIdentifier(text);
  const read = clean.includes('@') ? readEmail(clean) : null;
  return read && 'email' in read ? read.email : clean;
}

function splitEmail(text: string): { local: string; domain: string } {
  const [, content, afterQuotes] = quoted.exec(text) ?? [];
  if (content !== undefined && afterQuotes !== undefined) {
    return { local: readQuoted(content.replace(/\\(.)/gsu, '$1')), domain: afterQuotes };
  }
  const [local = '', domain, ...more] = text.split('@');
  if (domain === undefined) refuse('An email address needs an @, as in name@example.com.');
  if (more.length > 0) refuse('An email address has only one @.');
  if (/\s/.test(text)) refuse('An email address cannot contain spaces.');
  return { local: readLocal(local), domain };
}

function readLocal(local: string): string {
  if (local === '') refuse('Please enter the part before the @ as well.');
  if (/^\.|\.$|\.\./.test(local)) {
    refuse('The part before the @ cannot start or end with a dot, or have two dots in a row.');
  }
  for (const sign of local) {
    if (!isLocalSign(sign)) refuse(`The part before the @ cannot contain ${describeSign(sign)}.`);
  }
  return boundLocal(local);
}

function isLocalSign(sign: string): boolean {
  const isAscii = sign < '\u0080';
  return isAscii ? plainLocal.test(sign) : /[^\p{C}\p{Z}]|[\u200c\u200d]/u.test(sign);
}

const describeSign = (sign: string) =>
  /[\p{C}\p{Z}]/u.test(sign) ? 'control characters' : `the character ${sign}`;

/** Quotes that are not needed say nothing: `"ada"@example.com` is the address of ada@example.com. */
function readQuoted(content: string): string {
  const isPlain =
    content !== '' && !/^\.|\.$|\.\./.test(content) && [...content].every(isLocalSign);
  if (isPlain) return boundLocal(content);
  if (content === '') refuse('Please enter the part before the @ as well.');
  if (/\p{C}/u.test(content)) refuse('The part before the @ cannot contain control characters.');
  return boundLocal(`"${content.replace(/["\\]/g, '\\$&')}"`);
}

function boundLocal(typed: string): string {
  const normal = typed.normalize('NFC');
  const local = /[\u0080-\u{10ffff}]/u.test(normal)
    ? normal.toLowerCase().normalize('NFC')
    : normal;
  if (new TextEncoder().encode(local).length > LOCAL_MAX_BYTES) {
    refuse(`The part before the @ has at most ${LOCAL_MAX_BYTES} characters.`);
  }
  return local;
}

function readDomain(domain: string): string {
  if (domain.startsWith('[')) return readLiteral(domain);
  if (domain === '') refuse('Please enter the part after the @ as well.');
  if (domain.split(dots).includes('')) refuse('There is a dot too many after the @.');
  const ascii = writeInAscii(domain);
  if (ascii === null || !ascii.split('.').every((part) => label.test(part))) {
    refuse(
      'The part after the @ is not a domain. It has letters, digits and dashes between dots, as in name@example.com.',
    );
  }
  return ascii;
}

/** A domain as the name system knows it; null where it has no such form. */
function writeInAscii(domain: string): string | null {
  if (/[^a-z\d.-]/i.test(domain.replace(/[\u0080-\u{10ffff}]/gu, ''))) return null;
  if (/^[\0-\u007f]*$/.test(domain) && !/(^|\.)xn--/i.test(domain)) return domain;
  try {
    // The ending keeps a number from being taken for the address of a machine.
    return new URL(`http://${domain}.x`).hostname.replace(/\.x$/, '');
  } catch {
    return null;
  }
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]`, in the shortest spelling. */
function readLiteral(typed: string): string {
  const [, ipv4, ipv6] = /^\[(?:(\d+(?:\.\d+){3})|ipv6:([\da-f:.]+))\]$/i.exec(typed) ?? [];
  try {
    if (ipv4?.split('.').every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
      return `[${ipv4}]`;
    }
    if (ipv6 !== undefined) return `[IPv6:${new URL(`http://[${ipv6}]`).hostname.slice(1)}`;
  } catch {
    // It is no address of a machine.
  }
  return refuse('The part in brackets is not an address of a machine, as in [192.0.2.1].');
}
