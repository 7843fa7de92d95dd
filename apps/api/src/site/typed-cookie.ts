/**
 * What a page is to show once after a form: what a person typed that came back with an error, or a
 * secret that was made for them. It is kept for the one request in which the page is shown again, in
 * the person's own browser and for a minute, and holds no password.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { appendCookie, readCookie, type CookieStyle } from '../sessions/session-cookies.ts';

const typedCookie = 'typed';
const LIFETIME_SECONDS = 60;
const MAX_LENGTH = 3000;

const fieldName = z.string().check(z.regex(/^\w+$/));
const typedForm = z.object({ path: z.string(), fields: z.record(fieldName, z.string()) });

/** The page that is to show the form, and field name → what stands in it. */
export type TypedForm = z.infer<typeof typedForm>;

export function keepTyped(reply: FastifyReply, style: CookieStyle, form: TypedForm): void {
  if (Object.keys(form.fields).length === 0) return;
  const value = Buffer.from(JSON.stringify(form)).toString('base64url');
  if (value.length > MAX_LENGTH) return;
  appendCookie(reply, style, { name: typedCookie, value, maxAge: LIFETIME_SECONDS });
}

/** Takes what was typed for this page, if anything; the cookie is gone with it. */
export function takeTyped(
  request: FastifyRequest,
  reply: FastifyReply,
  style: CookieStyle,
  path: string,
): TypedForm['fields'] | undefined {
  const value = readCookie(request, style, typedCookie);
  const form = value === undefined ? null : parseTyped(value);
  if (form?.path !== path) return undefined;
  appendCookie(reply, style, { name: typedCookie, value: '', maxAge: 0 });
  return form.fields;
}

function parseTyped(value: string): TypedForm | null {
  try {
    return typedForm.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return null;
  }
}
