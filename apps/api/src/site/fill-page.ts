import { isMessageId, messages, tellWait } from '@latchkey/shared';

/** Among what was typed: the seconds to wait that the form was answered with. */
export const waitField = 'retryAfterSeconds';

/** Among what was typed, before the name of a field: the id of the message about it. */
export const faultPrefix = 'fault_';

/** What a page is completed with before it is sent. */
export type PageFilling = {
  /** The signed-in person, or null for a visitor. */
  reader: { id: string; name: string } | null;
  /** Field name → what was typed into a form that came back with an error. Never a password. */
  typed?: Record<string, string>;
  /** Where the visitor is going: a path that `parseNextPath` gave. */
  next?: string;
  /** Slot → its text, besides the name. */
  slots?: Record<string, string>;
  /** Repeated block → its items. */
  lists?: Record<string, ListItem[]>;
};

/** What stands for one item in a repeated block: key → text, "true" and "false" for its choices. */
export type ListItem = Record<string, string>;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const repeatedBlock = /<!--each:(\w+)-->([\s\S]*?)<!--\/each:\1-->/g;
const choice = /<!--(if|unless):(\w+)-->([\s\S]*?)<!--\/\1:\2-->/g;
const placeholder = /\{\{(\w+)\}\}/g;

const markSlot = (slot: string, text = '') => `<span data-slot="${slot}">${text}</span>`;

/**
 * Completes the marks that the site's build left in a page, so that it is right at first paint and
 * without a script. A page stays a static file: these marks are all that the server ever changes.
 */
export function fillPage(html: string, filling: PageFilling): string {
  const { reader, typed = {}, next, slots = {}, lists = {} } = filling;
  // Each step leaves only escaped text behind, in which no later step finds a mark.
  const listed = fillLists(html, lists);
  const named = reader === null ? listed : fillReader(listed, reader);
  const slotted = fillSlots(named, { ...slots, ...describeWait(typed) });
  return fillTyped(next === undefined ? slotted : fillNext(slotted, next), typed);
}

function fillLists(html: string, lists: Record<string, ListItem[]>): string {
  return html.replace(repeatedBlock, (block: string, name: string, template: string) => {
    const items = Object.hasOwn(lists, name) ? lists[name] : undefined;
    return items?.map((item) => fillItem(template, item)).join('') ?? block;
  });
}

function fillItem(template: string, item: ListItem): string {
  return template
    .replace(choice, (_part, kind: string, key: string, content: string) =>
      (item[key] === 'true') === (kind === 'if') ? content : '',
    )
    .replace(placeholder, (mark, key: string) =>
      Object.hasOwn(item, key) ? escapeHtml(item[key] ?? '') : mark,
    );
}

function fillReader(html: string, { id, name }: { id: string; name: string }): string {
  return fillSlots(html.replace('data-session="out"', 'data-session="in"'), {
    'user-id': id,
    'user-name': name,
  });
}

function fillSlots(html: string, slots: Record<string, string>): string {
  return Object.entries(slots).reduce((text, [slot, value]) => {
    const [written, input] = [escapeHtml(value), `data-value="${slot}"`];
    return text
      .replaceAll(markSlot(slot), () => markSlot(slot, written))
      .replaceAll(input, () => `${input} value="${written}"`);
  }, html);
}

function describeWait({
  [waitField]: seconds = '',
}: Record<string, string>): Record<string, string> {
  return /^\d{1,5}$/.test(seconds) ? { wait: tellWait(Number(seconds)) } : {};
}

/** The forms, and the links from one to the other, keep where the visitor is going. */
function fillNext(html: string, next: string): string {
  const query = escapeHtml(`?${new URLSearchParams({ next }).toString()}`);
  return html.replace(
    /(?:action="\/[a-z]+(?=" data-form)|href="\/[a-z]+(?=" data-keep-next))/g,
    (mark) => mark + query,
  );
}

function fillTyped(html: string, typed: Record<string, string>): string {
  return Object.entries(typed).reduce(
    (text, [field, value]) =>
      field.startsWith(faultPrefix)
        ? fillFault(text, field.slice(faultPrefix.length), value)
        : text
            .replace(`data-typed="${field}"`, () => `value="${escapeHtml(value)}"`)
            .replace(`data-typed-checked="${field}"`, 'checked'),
    html,
  );
}

/** Shows a message beside its field, as the page's own script does. */
function fillFault(html: string, field: string, messageId: string): string {
  if (!isMessageId(messageId)) return html;
  return html
    .replace(`data-faulty="${field}"`, 'aria-invalid="true"')
    .replace(`data-fault="${field}" hidden>`, () => `>${escapeHtml(messages[messageId])}`);
}
