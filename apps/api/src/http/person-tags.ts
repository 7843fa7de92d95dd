/**
 * A cookie that tells a browser's people: for each of the last ones an id, and its HMAC with a key of the
 * person. Nothing of it is kept on the server, and a forged or foreign entry is none.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashToken } from '../tokens/secret-token.ts';
import { appendCookie, readCookie, type CookieStyle } from './session-cookies.ts';

const LIFETIME_SECONDS = 180 * 86_400;
/** People who share a browser; the one whose log-in is longest ago is forgotten. */
const MOST_PEOPLE = 5;
const ID_BYTES = 16;
const entryPattern = /^[\w-]{8}\.[\w-]{22}\.[\w-]{43}$/;

/** Whose entry it is, and the key of that person. Without it, any entry of the person is found. */
export type TaggedPerson = { id: string; key: string };
export type Exchange = { request: FastifyRequest; reply: FastifyReply };

/** @param name of the cookie, and what its HMACs are for */
export function createPersonTags(name: string) {
  function read(request: FastifyRequest, style: CookieStyle): string[] {
    const entries = (readCookie(request, style, name) ?? '').split('~', MOST_PEOPLE);
    return entries.filter((entry) => entryPattern.test(entry));
  }

  function keep(reply: FastifyReply, style: CookieStyle, entries: string[]): void {
    const maxAge = entries.length > 0 ? LIFETIME_SECONDS : 0;
    appendCookie(reply, style, { name, value: entries.join('~'), maxAge });
  }

  function make(id: string, { id: personId, key }: TaggedPerson): string {
    const mac = createHmac('sha256', key).update(`${name} ${id} ${personId}`);
    return `${tagOf(personId)}.${id}.${mac.digest('base64url')}`;
  }

  /** The id that this browser has for the person, or null. */
  function find(request: FastifyRequest, style: CookieStyle, person: TaggedPerson): string | null {
    const own = read(request, style).find((entry) => isOf(entry, person.id));
    const [, id = ''] = own?.split('.') ?? [];
    return own && isSame(own, make(id, person)) ? id : null;
  }

  return {
    find,

    /** Gives this browser an id for the person, or the one that it has for another time. */
    remember({ request, reply }: Exchange, style: CookieStyle, person: TaggedPerson): void {
      const id = find(request, style, person) ?? randomBytes(ID_BYTES).toString('base64url');
      const others = read(request, style).filter((entry) => !isOf(entry, person.id));
      keep(reply, style, [make(id, person), ...others].slice(0, MOST_PEOPLE));
    },

    /** Takes a person out of this browser's cookie; other people stay. */
    forget({ request, reply }: Exchange, style: CookieStyle, personId: string): void {
      const entries = read(request, style);
      const others = entries.filter((entry) => !isOf(entry, personId));
      if (others.length < entries.length) keep(reply, style, others);
    },
  };
}

/** Whose entry it is, told without the person's key, which may be another one by now. */
const tagOf = (personId: string) => hashToken(personId).slice(0, 8);
const isOf = (entry: string, personId: string) => entry.startsWith(`${tagOf(personId)}.`);

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
