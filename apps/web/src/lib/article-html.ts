import { messages } from '@latchkey/shared';
import { parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;
type Attribute = Element['attrs'][number];

const ANYWHERE = 'https://this-site.invalid';
const addresses = new Set(['href', 'src', 'poster']);
const references = new Set(['aria-describedby', 'aria-labelledby', 'for', 'headers']);

/** Ids that the pages around a text have. */
export const pageIds = ['main', 'paywall-title', 'contents', ...Object.keys(messages)];

function listElements(node: Node): Element[] {
  const inside = 'childNodes' in node ? node.childNodes.flatMap(listElements) : [];
  return 'tagName' in node ? [node, ...inside] : inside;
}

function changeAttributes(html: string, change: (attribute: Attribute) => void): string {
  const root = parseFragment(html);
  for (const element of listElements(root)) element.attrs.forEach(change);
  return serialize(root);
}

const listIds = (html: string) =>
  listElements(parseFragment(html)).flatMap(({ attrs }) =>
    attrs.filter(({ name }) => name === 'id').map(({ value }) => value),
  );

/** Ids that are taken on the page get another name, and what refers to them follows. */
export function renameIds(html: string, prefix: string, taken = new Set(pageIds)): string {
  const names = new Map<string, string>();
  for (const id of listIds(html)) {
    names.set(id, taken.has(id) ? `${prefix}-${id}` : id);
    taken.add(names.get(id) ?? id);
  }
  const rename = (id: string) => names.get(id) ?? id;
  return changeAttributes(html, (attribute) => {
    const { name, value } = attribute;
    if (name === 'id') attribute.value = rename(value);
    if (references.has(name)) attribute.value = value.split(/\s+/).map(rename).join(' ');
    if (name === 'href' && value.startsWith('#')) {
      attribute.value = `#${names.get(decodeId(value.slice(1))) ?? value.slice(1)}`;
    }
  });
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Links, anchors and pictures that lead to the same place on whatever page the text stands. */
export function rootLinks(html: string, path: string): string {
  return changeAttributes(html, (attribute) => {
    const { name, value } = attribute;
    if (!addresses.has(name)) return;
    const url = URL.parse(value, ANYWHERE + path);
    if (url?.origin === ANYWHERE && !/^([a-z]+:|\/\/)/i.test(value)) {
      attribute.value = url.href.slice(ANYWHERE.length);
    }
  });
}

const isNotes = (node: Node): node is Element =>
  'tagName' in node && node.attrs.some(({ name }) => name === 'data-footnotes');

/**
 * Moves the footnotes that a beginning refers to from the end of the text to the end of the beginning:
 * whoever gets no more than that has them too.
 */
export function shareFootnotes(leadHtml: string, restHtml: string): [string, string] {
  const [lead, rest] = [parseFragment(leadHtml), parseFragment(restHtml)];
  const notes = rest.childNodes.find(isNotes);
  const list = notes && listElements(notes).find(({ tagName }) => tagName === 'ol');
  if (!list) return [leadHtml, restHtml];
  const wanted = new Set(
    listElements(lead)
      .filter(({ attrs }) => attrs.some(({ name }) => name === 'data-footnote-ref'))
      .flatMap(({ attrs }) => attrs.filter(({ name }) => name === 'href'))
      .map(({ value }) => decodeId(value.slice(value.indexOf('#') + 1))),
  );
  const isWanted = (node: Node) =>
    'tagName' in node && node.attrs.some(({ name, value }) => name === 'id' && wanted.has(value));
  const own = list.childNodes.filter(isWanted);
  if (own.length === 0) return [leadHtml, restHtml];
  const items = list.childNodes.filter((node) => !isWanted(node));
  list.childNodes = own;
  const ownNotes = serialize({ ...parseFragment(''), childNodes: [notes] });
  const isLeft = items.some((node) => 'tagName' in node);
  list.childNodes = items;
  list.attrs.push({ name: 'start', value: String(own.length + 1) });
  // The heading of the notes is there once, with the first of them.
  for (const { attrs } of listElements(notes)) {
    const label = attrs.findIndex(({ name, value }) => name === 'id' && value === 'footnote-label');
    if (label >= 0) attrs.splice(label, 1);
  }
  if (!isLeft) rest.childNodes = rest.childNodes.filter((node) => node !== notes);
  return [`${leadHtml.trimEnd()}\n${ownNotes}\n`, serialize(rest)];
}

/** A beginning as it stands on a page with others: without ids, and its notes are in the article. */
export function stripIds(html: string): string {
  const root = parseFragment(html);
  root.childNodes = root.childNodes.filter((node) => !isNotes(node));
  for (const element of listElements(root)) {
    element.attrs = element.attrs.filter(({ name }) => name !== 'id' && !references.has(name));
  }
  return serialize(root);
}
