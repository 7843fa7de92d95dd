import { parse, type DefaultTreeAdapterTypes } from 'parse5';

export type Node = DefaultTreeAdapterTypes.Node;
export type Element = DefaultTreeAdapterTypes.Element;

const unread = new Set(['script', 'style', 'noembed', 'noframes', 'iframe']);

/** A page as browsers read it, and as they do without scripts: what stands in `<noscript>` is there. */
export function parsePage(html: string): Node {
  return parse(html, { scriptingEnabled: false });
}

export const isElement = (node: Node): node is Element => 'tagName' in node;

export function listChildren(node: Node): Node[] {
  if ('content' in node) return node.content.childNodes;
  return 'childNodes' in node ? node.childNodes : [];
}

export function readAttribute(node: Node, name: string): string | undefined {
  return isElement(node) ? node.attrs.find((one) => one.name === name)?.value : undefined;
}

export function findElement(node: Node, name: string): Node | undefined {
  if (node.nodeName === name) return node;
  for (const child of listChildren(node)) {
    const found = findElement(child, name);
    if (found) return found;
  }
  return undefined;
}

/** Whether an element holds nothing that people read, or says that anybody may read it. */
export function isLeftOut({ tagName, attrs }: Element): boolean {
  return unread.has(tagName) || attrs.some(({ name }) => name === 'data-public');
}

/** The values of these attributes, of an element and of what is in it. */
export function listAttributes(node: Node, names: Set<string>): string[] {
  if (isElement(node) && isLeftOut(node)) return [];
  const own = isElement(node) ? node.attrs.filter(({ name }) => names.has(name)) : [];
  const inside = listChildren(node).flatMap((child) => listAttributes(child, names));
  return [...own.map(({ value }) => value), ...inside];
}
