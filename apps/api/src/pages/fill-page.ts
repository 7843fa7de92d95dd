import { describeRetry, isMessageId, readBlockRoles, type PagePart } from '@latchkey/shared';
import { escapeHtml } from '../text/escape-html.ts';
import { explainFault } from './explain-fault.ts';
import type { HoleValues, PageTemplate } from './page-template.ts';

/** Among what was typed: the seconds to wait that the form was answered with. */
export const waitField = 'retryAfterSeconds';

/** Among what was typed, before the name of a field: the id of the message about it. */
export const faultPrefix = 'fault_';

/** Among what was typed: the page is shown because its form was refused. */
export const refusedField = 'refused';

/** What a page is completed with before it is sent. */
export type PageFilling = {
  /** The signed-in person, or null for a visitor. */
  reader: { id: string; name: string; roles?: readonly string[] } | null;
  /** Field name → what was typed into a form that came back with an error. Never a password. */
  typed?: Record<string, string>;
  /** Where the visitor is going: a path that `parseNextPath` gave. */
  next?: string;
  /** Slot → its text, besides the name. */
  slots?: Record<string, string>;
  /** Slot → its content as HTML, which nobody but the server wrote. */
  htmlSlots?: Record<string, string>;
  /** Repeated block → its items. */
  lists?: Lists;
};

/** What stands for one item in a repeated block: key → text, "true" and "false" for its choices. */
export type ListItem = Record<string, string>;
type Lists = Record<string, ListItem[]>;

/**
 * Joins the pieces of a page with what is its reader's, so that it is right at first paint and without
 * a script. A page stays a static file: its holes are all that the server ever fills.
 */
export function fillPage(template: PageTemplate, filling: PageFilling): string {
  const values = listValues(filling);
  const roles = filling.reader?.roles ?? [];
  return joinParts(template, { values, roles, lists: filling.lists ?? {} });
}

type Scope = { values: HoleValues; roles: readonly string[]; lists: Lists; item?: ListItem };

function joinParts(parts: PagePart[], scope: Scope): string {
  let html = '';
  for (const part of parts) html += typeof part === 'string' ? part : joinPart(part, scope);
  return html;
}

function joinPart(part: Exclude<PagePart, string>, scope: Scope): string {
  const { values, roles, lists, item } = scope;
  const wanted = readRoles(part);
  switch (part.kind) {
    case 'hole': {
      if (wanted) return meets(wanted, roles) ? part.write('') : part.built;
      const value = values.get(part.key) ?? findInItem(item, part.key);
      return value === undefined ? part.built : part.write(value);
    }
    case 'list': {
      const items = Object.hasOwn(lists, part.name) ? lists[part.name] : undefined;
      return (
        items?.map((one) => joinParts(part.item, { ...scope, item: one })).join('') ?? part.built
      );
    }
    case 'choice': {
      const isTrue = wanted ? meets(wanted, roles) : item?.[part.key] === 'true';
      return isTrue === part.isFor ? joinParts(part.parts, scope) : '';
    }
  }
}

/** The roles that a hole or a block is for, or null. */
const readRoles = (part: Exclude<PagePart, string>) =>
  part.kind === 'list' ? null : readBlockRoles(part.key);

const meets = (wanted: string[], roles: readonly string[]) =>
  wanted.some((role) => roles.includes(role));

function findInItem(item: ListItem | undefined, key: string): string | undefined {
  const name = key.slice('item:'.length);
  const isOwn = item && key.startsWith('item:') && Object.hasOwn(item, name);
  return isOwn ? escapeHtml(item[name] ?? '') : undefined;
}

function listValues(filling: PageFilling): HoleValues {
  const { reader, typed = {}, next, slots = {}, htmlSlots = {} } = filling;
  const values = new Map<string, string>();
  const setSlots = (texts: Record<string, string>) => {
    for (const [slot, text] of Object.entries(texts)) values.set(`slot:${slot}`, escapeHtml(text));
  };
  if (reader) {
    values.set('session', 'in');
    setSlots({ 'user-id': reader.id, 'user-name': reader.name });
  }
  if (typed[refusedField] !== undefined) values.set('members', 'refused');
  setSlots({ ...slots, ...readWait(typed) });
  for (const [slot, html] of Object.entries(htmlSlots)) values.set(`slot:${slot}`, html);
  if (next !== undefined) {
    values.set('next', escapeHtml(`?${new URLSearchParams({ next }).toString()}`));
  }
  for (const field of Object.keys(typed)) setTyped(values, field, typed);
  return values;
}

function readWait({ [waitField]: seconds = '' }: Record<string, string>): Record<string, string> {
  return /^\d{1,5}$/.test(seconds) ? { wait: describeRetry(Number(seconds)) } : {};
}

/** A message is shown beside its field, as the page's own script does. */
function setTyped(values: Map<string, string>, field: string, typed: Record<string, string>): void {
  const text = typed[field] ?? '';
  if (!field.startsWith(faultPrefix)) values.set(`typed:${field}`, escapeHtml(text));
  else if (isMessageId(text)) {
    values.set(`fault:${field.slice(faultPrefix.length)}`, escapeHtml(explainFault(text, typed)));
  }
}
