import { createRequire } from 'node:module';
import {
  compilePage,
  isListName,
  isSlot,
  isTypedField,
  type CompiledPage,
  type PagePart,
} from '@latchkey/shared';
import type * as Parse5 from 'parse5';

/** The pieces of a page and the holes between them. */
export type PageTemplate = PagePart[];

/** Hole → its value, as HTML. */
export type HoleValues = ReadonlyMap<string, string>;

/** What may be a mark: three groups for the names of slots, of fields, and of lists and their keys. */
const anyMark =
  /\bdata-(?:slot|value)="([^"]*)"|\bdata-typed(?:-checked)?="([^"]*)"|(?:<!--\/?(?:each|if|unless):|\{\{)(\w*)/g;

const require = createRequire(import.meta.url);

function compile(html: string): CompiledPage {
  // Read when a page needs it: neither the start nor a public page waits for it.
  const { parse } = require('parse5') as typeof Parse5;
  // As browsers without scripts read it: what stands in `<noscript>` is filled too.
  return compilePage(html, parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false }));
}

/** The page's template, made when it is first asked for. */
export function createTemplate(html: string): () => PageTemplate {
  let template: PageTemplate | undefined;
  return () => (template ??= compile(html).parts);
}

/** @throws naming the page's first mark that nothing would fill */
export function checkTemplate(name: string, html: string): void {
  if (!maySurprise(html)) return;
  const [fault] = compile(html).faults;
  if (!fault) return;
  throw new Error(
    `The page ${name} has a mark that the server cannot fill: ${fault.written}. ${fault.sentence} Correct it, then run "npm run build".`,
  );
}

/** Most pages have only marks of known names: there is no need to parse them before they are asked for. */
function maySurprise(html: string): boolean {
  return [...html.matchAll(anyMark)].some(
    ([, slot, field, list]) =>
      (slot !== undefined && !isSlot(slot)) ||
      (field !== undefined && !isTypedField(field)) ||
      (list !== undefined && !isListName(list)),
  );
}

/** A template in which some holes have their value for good. The same one where it has none of them. */
export function settleHoles(template: PageTemplate, values: HoleValues): PageTemplate {
  const changed: PagePart[] = [];
  const settle = (part: PagePart): PagePart => {
    if (typeof part === 'string') return part;
    if (part.kind === 'list') return { ...part, item: part.item.map(settle) };
    if (part.kind === 'choice') return { ...part, parts: part.parts.map(settle) };
    const value = values.get(part.key);
    if (value === undefined) return part;
    changed.push(part);
    return part.write(value);
  };
  const settled = template.map(settle);
  return changed.length > 0 ? settled : template;
}
