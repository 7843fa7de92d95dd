/**
 * A window may still show the page of a person who is no longer signed in there. So a call says whom it
 * is for: a form in this hidden field, the site's script in this header. Both hold the person's id.
 */
export const PERSON_FIELD = 'person';
export const PERSON_HEADER = 'latchkey-person';

/**
 * The fields of a form less those that still are as its page was made with them, which another window
 * may have saved meanwhile. How a field `name` was then stands in the field `nameBefore`.
 */
export function omitUnchanged<Value>(fields: Record<string, Value>): Record<string, Value> {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.filter(([name, value]) => fields[`${name}Before`] !== value));
}
