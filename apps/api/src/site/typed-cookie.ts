/**
 * What a page is to show once after a form: what a person typed that came back with an error, or a
 * secret that was made for them. It is kept for the one request in which the page is shown again, in
 * the person's own browser and for minutes, and holds no password. Each page has a cookie of its own:
 * what waits for one page outlasts the faults of another.
 */
import { PERSON_FIELD } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { refusedField } from '../pages/fill-page.ts';
import { appendCookie, readCookie, type CookieStyle } from '../http/session-cookies.ts';

const LIFETIME_SECONDS = 60;
/** All pages' together fit into the 8 KB that proxies take for a line. */
const MAX_LENGTH = 1500;
/** For what waits until the person has logged in: time to look a password up, or to mistype it. */
export const untilLoginSeconds = 15 * 60;

const fieldName = z.string().check(z.regex(/^[\w-]+$/));
const typedFields = z.record(fieldName, z.string());

/** The page that is to show the form, field name → what stands in it, and how long it may wait. */
type TypedForm = { path: string; fields: z.infer<typeof typedFields>; maxAge?: number };

const nameCookie = (path: string) => `typed${path.replaceAll('/', '-')}`;

export function keepTyped(
  reply: FastifyReply,
  style: CookieStyle,
  { path, fields, maxAge = LIFETIME_SECONDS }: TypedForm,
): void {
  if (Object.keys(fields).length === 0) return;
  const value = Buffer.from(JSON.stringify(fields)).toString('base64url');
  if (value.length > MAX_LENGTH) {
    const { [refusedField]: refused, [PERSON_FIELD]: person } = fields;
    if (refused === undefined) return;
    const marks = { [refusedField]: refused, ...(person && { [PERSON_FIELD]: person }) };
    if (Object.keys(marks).length < Object.keys(fields).length)
      keepTyped(reply, style, { path, fields: marks, maxAge });
    return;
  }
  appendCookie(reply, style, { name: nameCookie(path), value, maxAge });
}

/**
 * Takes what was typed for this page, if anything; the cookie is gone with it. What somebody else typed
 * stays where it is until they are back.
 */
export function takeTyped(
  request: FastifyRequest,
  reply: FastifyReply,
  style: CookieStyle,
  { path, reader }: { path: string; reader: { id: string } | null },
): TypedForm['fields'] | undefined {
  const value = readCookie(request, style, nameCookie(path));
  const fields = value === undefined ? null : parseTyped(value);
  if (!fields) return undefined;
  const { [PERSON_FIELD]: person, ...typed } = fields;
  if (person !== undefined && person !== reader?.id) return undefined;
  appendCookie(reply, style, { name: nameCookie(path), value: '', maxAge: 0 });
  return typed;
}

/** Forgets what waits for a page that the person will not see again. */
export function dropTyped(
  request: FastifyRequest,
  reply: FastifyReply,
  style: CookieStyle,
  path: string,
): void {
  if (readCookie(request, style, nameCookie(path)) === undefined) return;
  appendCookie(reply, style, { name: nameCookie(path), value: '', maxAge: 0 });
}

function parseTyped(value: string): TypedForm['fields'] | null {
  try {
    return typedFields.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return null;
  }
}
