/**
 * A browser that has logged in to an account before is known to it, and has failures and waits of its
 * own there: strangers who take every opening of the account cannot keep its owner out (record 8).
 *
 * The cookie has an id and its HMAC for each of the last people who logged in here. The key is the
 * hash of the account's password, so nothing more is kept anywhere, every server of one database
 * knows the cookie, and with a new password all cookies of the account are worth nothing. It is no
 * proof of anything else: whoever steals it has five guesses, and then the same waits as everybody.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { User } from '@latchkey/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashToken } from '../tokens/secret-token.ts';
import { appendCookie, readCookie, type CookieStyle } from './session-cookies.ts';

const deviceCookie = 'device';
const LIFETIME_SECONDS = 180 * 86_400;
/** People who share a browser; the one whose log-in is longest ago is forgotten. */
const MOST_PEOPLE = 5;
const ID_BYTES = 16;
const entryPattern = /^[\w-]{8}\.[\w-]{22}\.[\w-]{43}$/;

type Person = Pick<User, 'id' | 'passwordHash'>;
type Exchange = { request: FastifyRequest; reply: FastifyReply };

/** The id under which this browser is known to the account, or null. */
export function findKnownDevice(
  request: FastifyRequest,
  style: CookieStyle,
  person: Person | null,
): string | null {
  const own = person && readEntries(request, style).find((entry) => isOf(entry, person));
  const [, id = ''] = own?.split('.') ?? [];
  return person && own && isSame(own, makeEntry(id, person)) ? id : null;
}

/** Makes this browser known to the account, now that its person has shown who they are. */
export function rememberDevice(
  { request, reply }: Exchange,
  style: CookieStyle,
  person: Person,
): void {
  const known = findKnownDevice(request, style, person);
  const id = known ?? randomBytes(ID_BYTES).toString('base64url');
  const others = readEntries(request, style).filter((entry) => !isOf(entry, person));
  const entries = [makeEntry(id, person), ...others].slice(0, MOST_PEOPLE);
  keepEntries(reply, style, entries);
}

/** Takes a person who is gone out of this browser's cookie; other people stay. */
export function forgetDevice({ request, reply }: Exchange, style: CookieStyle, person: Person) {
  const entries = readEntries(request, style);
  const others = entries.filter((entry) => !isOf(entry, person));
  if (others.length < entries.length) keepEntries(reply, style, others);
}

function keepEntries(reply: FastifyReply, style: CookieStyle, entries: string[]): void {
  const maxAge = entries.length > 0 ? LIFETIME_SECONDS : 0;
  appendCookie(reply, style, { name: deviceCookie, value: entries.join('~'), maxAge });
}

function readEntries(request: FastifyRequest, style: CookieStyle): string[] {
  const entries = (readCookie(request, style, deviceCookie) ?? '').split('~', MOST_PEOPLE);
  return entries.filter((entry) => entryPattern.test(entry));
}

/** Whose entry it is, told without the password's hash, which may be another one by now. */
const tagOf = ({ id }: Person) => hashToken(id).slice(0, 8);
const isOf = (entry: string, person: Person) => entry.startsWith(`${tagOf(person)}.`);

function makeEntry(id: string, person: Person): string {
  const mac = createHmac('sha256', person.passwordHash).update(`device ${id} ${person.id}`);
  return `${tagOf(person)}.${id}.${mac.digest('base64url')}`;
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
