import { isRole, roleRule } from './access.ts';
import { isSlot, isTypedField } from './page-marks.ts';
import type { Mark, PageFault, PageHole } from './page-parts.ts';

type Place = { startOffset: number; endOffset: number };
type ElementPlace = Place & { startTag?: Place; endTag?: Place; attrs?: Record<string, Place> };

/** What is needed of a node of parse5's tree. */
export type PageNode = {
  nodeName: string;
  attrs?: { name: string; value: string }[];
  data?: string;
  value?: string;
  childNodes?: PageNode[];
  content?: PageNode;
  sourceCodeLocation?: ElementPlace | null;
};

/** An element with a place in the source. */
type MarkedElement = {
  html: string;
  node: PageNode;
  attributes: Map<string, string>;
  startTag: Place;
  endTag: Place | undefined;
  places: Record<string, Place>;
};

/** The holes in the tags of an element and right behind its first one. */
export function findElementMarks(html: string, node: PageNode, faults: PageFault[]): Mark[] {
  const { attrs: list = [], sourceCodeLocation: place } = node;
  if (!place || list.length === 0) return node.nodeName === 'title' ? findTitle(html, node) : [];
  const { startTag = place, endTag, attrs: places = {} } = place;
  const attributes = new Map(list.map(({ name, value }) => [name, value]));
  const element = { html, node, attributes, startTag, endTag, places };
  checkNames(element, faults);
  return [
    ...findStates(element),
    ...findSlots(element),
    ...findTyped(element),
    ...findFault(element),
    ...findNext(element),
  ];
}

function hole(key: string, { startOffset, endOffset }: Place, write?: PageHole['write']): Mark {
  return { kind: 'hole', key, start: startOffset, end: endOffset, ...(write && { write }) };
}

/** The hole of an attribute, where the element has it. */
function swap(
  { attributes, places }: MarkedElement,
  [name, value]: [name: string, value?: string],
  key: (value: string) => string,
  write: PageHole['write'],
): Mark[] {
  const given = attributes.get(name);
  const place = places[name];
  const fits = given !== undefined && (value === undefined || given === value);
  return fits && place ? [hole(key(given), place, write)] : [];
}

const after = ({ endOffset }: Place): Place => ({ startOffset: endOffset, endOffset });

function findStates(element: MarkedElement): Mark[] {
  const state = (name: string, built: string, filled: string) =>
    swap(
      element,
      [`data-${name}`, built],
      () => name,
      () => `data-${name}="${filled}"`,
    );
  return [
    ...state('session', 'out', 'in'),
    ...swap(
      element,
      ['data-registration', 'open'],
      () => 'registration',
      (mode) => `data-registration="${mode}"`,
    ),
    ...state('domains', 'any', 'some'),
    ...state('mail', 'off', 'on'),
    ...state('contact', 'none', 'shown'),
    ...state('oidc', 'off', 'on'),
    ...state('members', '', 'refused'),
    ...findRoles(element),
    ...swap(
      element,
      ['href', '#problem-link'],
      () => 'slot:problem-href',
      (html) => `href="${html}"`,
    ),
  ];
}

const roleWord = /^role:(.*)$/;
const splitWords = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** What is for people with one of some roles: it is shown to them as to everybody who is signed in. */
function findRoles({ attributes, places }: MarkedElement): Mark[] {
  const place = places['data-when'];
  const words = splitWords(attributes.get('data-when') ?? '');
  const roles = words.flatMap((word) => roleWord.exec(word)?.[1] ?? []);
  if (!place || roles.length === 0) return [];
  const shown = `data-when="${words.join(' ')} signed-in"`;
  return [hole(`role:${roles.join(' ')}`, place, () => shown)];
}

function explainRoleWords(text: string): string | null {
  const words = splitWords(text);
  const roles = words.flatMap((word) => roleWord.exec(word)?.[1] ?? []);
  if (roles.length === 0) return null;
  if (roles.length < words.length) return 'Words for roles stand alone, or with other roles.';
  const wrong = roles.find((role) => !isRole(role));
  return wrong === undefined ? null : `"${wrong}" is no role: ${roleRule}.`;
}

function findSlots(element: MarkedElement): Mark[] {
  const { attributes, places, startTag, endTag } = element;
  const slot = attributes.get('data-slot');
  const value = attributes.get('data-value');
  const valuePlace = places['data-value'];
  return [
    ...(slot === undefined ? [] : slot === 'contact' ? findContact(element) : []),
    ...(slot !== undefined && slot !== 'contact' && endTag
      ? [hole(`slot:${slot}`, after(startTag))]
      : []),
    ...(value !== undefined && valuePlace
      ? [hole(`slot:${value}`, after(valuePlace), (html) => ` value="${html}"`)]
      : []),
  ];
}

/** The words that name the people of a site become the link to them. */
function findContact({ startTag, endTag, attributes }: MarkedElement): Mark[] {
  if (!endTag || !attributes.has('data-public')) return [];
  const words = { startOffset: startTag.endOffset, endOffset: endTag.startOffset };
  return [
    hole('contact-href', startTag, (html) => `<a href="${html}">`),
    hole('contact-text', words),
    hole('contact-href', endTag, () => '</a>'),
  ];
}

function findTyped(element: MarkedElement): Mark[] {
  const key = (field: string) => `typed:${field}`;
  return [
    ...swap(element, ['data-typed'], key, (html) => `value="${html}"`),
    ...swap(element, ['data-typed-checked'], key, () => 'checked'),
    ...swap(
      element,
      ['data-faulty'],
      (field) => `fault:${field}`,
      () => 'aria-invalid="true"',
    ),
  ];
}

/** The place beside a field for the message about it, which is hidden while there is none. */
function findFault(element: MarkedElement): Mark[] {
  const { html, attributes, places, startTag } = element;
  const field = attributes.get('data-fault');
  const place = places['data-fault'];
  const hidden = places['hidden'];
  if (field === undefined || !place || !hidden) return [];
  const key = `fault:${field}`;
  const isSpaced = /\s/.test(html.charAt(hidden.startOffset - 1));
  const hiddenStart = hidden.startOffset - (isSpaced ? 1 : 0);
  return [
    hole(key, place, () => ''),
    hole(key, { startOffset: hiddenStart, endOffset: hidden.endOffset }, () => ''),
    hole(key, after(startTag)),
  ];
}

/** Forms, and the links from one to the other, take along where the visitor is going. */
function findNext({ html, node, attributes, places }: MarkedElement): Mark[] {
  const isForm = node.nodeName === 'form' && attributes.has('data-form');
  const name = isForm ? 'action' : attributes.has('data-keep-next') ? 'href' : undefined;
  const place = name && places[name];
  if (!name || !place || !/^(\/[a-z-]+)+$/.test(attributes.get(name) ?? '')) return [];
  const isQuoted = /["']/.test(html.charAt(place.endOffset - 1));
  const end = place.endOffset - (isQuoted ? 1 : 0);
  return [hole('next', { startOffset: end, endOffset: end })];
}

/** The page's own part of its title: what stands before the name of the site. */
function findTitle(html: string, { sourceCodeLocation: place, childNodes = [] }: PageNode): Mark[] {
  const [text] = childNodes;
  if (!place || !text?.sourceCodeLocation) return [];
  const { startOffset, endOffset } = text.sourceCodeLocation;
  const end = html.slice(startOffset, endOffset).lastIndexOf(' · ');
  return end < 0 ? [] : [hole('slot:title', { startOffset, endOffset: startOffset + end })];
}

function checkNames(element: MarkedElement, faults: PageFault[]): void {
  const { node, attributes, endTag } = element;
  const check = (name: string, isKnown: (value: string) => boolean, sentence: string) => {
    const value = attributes.get(name);
    if (value === undefined || isKnown(value)) return;
    faults.push({ written: `${name}="${value}"`, sentence });
  };
  const isEmpty = endTag !== undefined && (node.childNodes ?? []).length === 0;
  // Other libraries have slots of the same attribute, with content of their own.
  if (isEmpty) check('data-slot', isSlot, 'The server fills no such place.');
  if (node.nodeName === 'input') check('data-value', isSlot, 'The server knows no such value.');
  check('data-typed', isTypedField, 'No such field comes back to its form.');
  check('data-typed-checked', isTypedField, 'No such field comes back to its form.');
  const when = attributes.get('data-when') ?? '';
  const wrong = explainRoleWords(when);
  if (wrong !== null) faults.push({ written: `data-when="${when}"`, sentence: wrong });
}
