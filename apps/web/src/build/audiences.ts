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

const block = /<!--if:(role:[^>]*?)-->([\s\S]*?)<!--\/if:\1-->/g;

/** The parts of a page: what all of its readers get, and what the server gives to some roles alone. */
export function splitByRoles(
  html: string,
  whole: Audience,
): { audience: Audience; html: string }[] {
  const parts = [...html.matchAll(block)].map(([, name = '', inside = '']) => ({
    audience: readBlockRoles(name) ?? whole,
    html: inside,
  }));
  return [{ audience: whole, html: html.replace(block, '') }, ...parts];
}
