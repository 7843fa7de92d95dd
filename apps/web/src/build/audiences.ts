import { describeAccess, isWithin, readBlockRoles, type Access } from '@latchkey/shared';

/** Who gets a text: by the rules, or through the meter, which lets everybody read a few articles. */
export type Audience = Access | 'metered';

/** Whether everybody who gets the one may get the other as well. */
export function mayStandIn(text: Audience, file: Audience): boolean {
  if (text === 'metered') return file !== 'public';
  return isWithin(file === 'metered' ? 'public' : file, text);
}

/** What tells audiences apart: the order of roles makes no difference. */
export const nameAudience = (audience: Audience): string =>
  typeof audience === 'string' ? audience : audience.toSorted().join(' ');

export function describeAudience(audience: Audience): string {
  return audience === 'public' || audience === 'metered' ? 'anybody' : describeAccess(audience);
}

const mark = /<!--(\/?)if:(role:[^>]*?)-->/g;

type Part = { audience: Audience; html: string };

/**
 * The parts of a page: what all of its readers get, first, and what the server gives to some roles alone. A
 * part within another has its own roles; one that never ends is for all readers, as it is in the server.
 */
export function splitByRoles(html: string, whole: Audience): Part[] {
  const page: Part = { audience: whole, html: '' };
  const parts: Part[] = [page];
  const open: { name: string; part: Part }[] = [];
  let at = 0;
  for (const { 0: written, 1: slash, 2: name = '', index } of html.matchAll(mark)) {
    (open.at(-1)?.part ?? page).html += html.slice(at, index);
    at = index + written.length;
    if (!slash) {
      const part = { audience: readBlockRoles(name) ?? whole, html: '' };
      parts.push(part);
      open.push({ name, part });
    } else if (open.at(-1)?.name === name) open.pop();
  }
  (open.at(-1)?.part ?? page).html += html.slice(at);
  for (const { part } of open) part.audience = whole;
  return parts;
}
