/**
 * A browser that has logged in to an account before is known to it, and has failures and waits of its
 * own there: strangers who take every opening of the account cannot keep its owner out (record 8).
 *
 * The key of its cookie is the hash of the account's password, so nothing more is kept anywhere, every
 * server of one database knows the cookie, and with a new password all cookies of the account are worth
 * nothing. It is no proof of anything else: whoever steals it has five guesses, and then the same waits
 * as everybody.
 */
import type { User } from '@latchkey/db';
import type { FastifyRequest } from 'fastify';
import { createPersonTags, type Exchange } from './person-tags.ts';
import type { CookieStyle } from './session-cookies.ts';

const tags = createPersonTags('device');

type Person = Pick<User, 'id' | 'passwordHash'>;
const tagged = ({ id, passwordHash }: Person) => ({ id, key: passwordHash });

/** The id under which this browser is known to the account, or null. */
export const findKnownDevice = (
  request: FastifyRequest,
  style: CookieStyle,
  person: Person | null,
): string | null => person && tags.find(request, style, tagged(person));

/** Makes this browser known to the account, now that its person has shown who they are. */
export const rememberDevice = (exchange: Exchange, style: CookieStyle, person: Person): void =>
  tags.remember(exchange, style, tagged(person));

/** Takes a person who is gone out of this browser's cookie; other people stay. */
export const forgetDevice = (exchange: Exchange, style: CookieStyle, { id }: Person): void =>
  tags.forget(exchange, style, id);
