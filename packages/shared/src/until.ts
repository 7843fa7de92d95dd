import * as z from 'zod/mini';
import { isRole } from './access.ts';
import { limitLength } from './limit-length.ts';
import { messages } from './messages.ts';

/** How an end is written. It goes on after the name of a field. */
export const untilRule =
  'must be a day such as 2026-12-31, or a time such as 2026-12-31T18:00Z, in the future';
const DAY_MS = 24 * 3_600_000;
const UNTIL_MAX_LENGTH = 40;
const ROLE_MAX_LENGTH = 30;

const day = /^\d{4}-\d\d-\d\d/;
const time = /^T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** When something ends: a day counts to its end in UTC. Null where it is written otherwise, or is past. */
export function parseUntil(text: string): Date | null {
  const [date = ''] = day.exec(text) ?? [];
  const rest = text.slice(date.length);
  const begin = new Date(date);
  // JavaScript takes 31 February for a day in March.
  const isDay = !isNaN(begin.getTime()) && begin.toISOString().startsWith(date);
  const end = rest === '' ? new Date(begin.getTime() + DAY_MS) : new Date(text);
  const isWritten = isDay && (rest === '' || time.test(rest));
  return isWritten && end.getTime() > Date.now() ? end : null;
}

const invalidUntil = messages['invalid-until'];

/** The end of a role or an invitation, as it is typed. It gives the moment. */
export const until = z.pipe(
  z.string({ error: invalidUntil }).check(limitLength(UNTIL_MAX_LENGTH, invalidUntil), z.trim()),
  z.transform((text, context) => {
    const end = parseUntil(text);
    if (end) return end;
    context.issues.push({ code: 'custom', message: invalidUntil, input: text });
    return z.NEVER;
  }),
);

const invalidRole = messages['invalid-role'];

/** A role, as it is typed. */
export const role = z
  .string({ error: invalidRole })
  .check(
    limitLength(ROLE_MAX_LENGTH, invalidRole),
    z.trim(),
    z.refine(isRole, { error: invalidRole }),
  );
