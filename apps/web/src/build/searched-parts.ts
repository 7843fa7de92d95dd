import { compilePage, readBlockRoles, type Access, type PagePart } from '@latchkey/shared';
import { defaultTreeAdapter, parse, parseFragment, serialize, serializeOuter } from 'parse5';
import { findElement, isElement, parsePage, type Element, type Node } from './page-tree.ts';

/** What the same people may read of a page. */
export type SearchedPart = { audience: Access; html: string };

/** Nothing that people look for: what they press, what they fill in, and what nobody reads. */
const unsearched = new Set(
  'script style template noscript form button nav iframe svg input select textarea dialog'.split(
    ' ',
  ),
);

/** Messages that wait to be shown, and links that look like buttons. */
const unsearchedClasses = new Set(['flashes', 'button']);

/**
 * The parts of a page that people may search, by who may read them. What the server writes at a request
 * is in none, and neither is what cannot be for one list of roles.
 */
export function listSearchedParts(html: string, whole: Access): SearchedPart[] {
  const document = parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false });
  const blocks = splitBlocks(compilePage(html, document).parts, whole);
  return blocks.flatMap(({ audience, html: block }) => {
    const page = parsePage(block);
    const root = findElement(page, 'main') ?? findElement(page, 'body') ?? page;
    const others = prune(root, audience);
    return [{ audience, html: serialize(root as Element) }, ...others];
  });
}

/** Who is among the one and has one of the roles, or null where no list of roles says it. */
function narrow(audience: Access, roles: readonly string[]): Access | null {
  if (typeof audience === 'string') return roles;
  const both = audience.filter((role) => roles.includes(role));
  return both.length > 0 ? both : null;
}

/** The page for all of its readers, and each block that the server gives to some roles alone. */
function splitBlocks(parts: PagePart[], audience: Access): SearchedPart[] {
  const others: SearchedPart[] = [];
  let html = '';
  for (const part of parts) {
    if (typeof part === 'string') html += part;
    else if (part.kind === 'hole') html += part.built;
    else if (part.kind === 'choice') {
      const roles = readBlockRoles(part.key);
      const inside = roles && part.isFor ? narrow(audience, roles) : audience;
      if (inside === null || !roles) continue;
      if (part.isFor) others.push(...splitBlocks(part.parts, inside));
      else html += splitBlocks(part.parts, audience)[0]?.html ?? '';
    }
  }
  return [{ audience, html }, ...others];
}

const valueOf = ({ attrs }: Element, wanted: string) =>
  attrs.find(({ name }) => name === wanted)?.value;

const isUnsearched = (element: Element): boolean =>
  unsearched.has(element.tagName) ||
  valueOf(element, 'hidden') !== undefined ||
  valueOf(element, 'aria-hidden') === 'true' ||
  valueOf(element, 'data-slot') !== undefined ||
  (valueOf(element, 'class') ?? '').split(/\s+/).some((name) => unsearchedClasses.has(name));

/** The roles that an element is shown to, or null. */
function readShownRoles(element: Element): string[] | null {
  const words = (valueOf(element, 'data-when') ?? '').split(/\s+/);
  const roles = words.flatMap((word) => /^role:(.+)$/.exec(word)?.[1] ?? []);
  return roles.length > 0 ? roles : null;
}

/** A greeting or a button: a public page has it for whoever is signed in. */
const isGreeting = (element: Element, audience: Access): boolean =>
  audience === 'public' && /\bsigned-in\b/.test(valueOf(element, 'data-when') ?? '');

/** Takes out of a part what is not searched, and what it shows to some roles alone. */
function prune(node: Node, audience: Access): SearchedPart[] {
  if (!('childNodes' in node)) return [];
  const others: SearchedPart[] = [];
  for (const child of [...node.childNodes]) {
    if (!isElement(child)) continue;
    const roles = readShownRoles(child);
    const inside = roles && narrow(audience, roles);
    if (roles || isUnsearched(child) || isGreeting(child, audience)) {
      defaultTreeAdapter.detachNode(child);
      if (inside && !isUnsearched(child)) others.push(...listShown(child, inside));
    } else others.push(...prune(child, audience));
  }
  return others;
}

function listShown(element: Element, audience: Access): SearchedPart[] {
  element.attrs = element.attrs.filter(({ name }) => name !== 'data-when');
  const root = parseFragment(serializeOuter(element));
  const others = prune(root, audience);
  return [{ audience, html: serialize(root) }, ...others];
}
