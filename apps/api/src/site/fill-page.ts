/** What a page is completed with before it is sent. */
export type PageFilling = {
  /** The signed-in person's name, or null for a visitor. */
  userName: string | null;
  /** Field name → what was typed into a form that came back with an error. Never a password. */
  typed?: Record<string, string>;
  /** Where the visitor is going: a path that `parseNextPath` gave. */
  next?: string;
};

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

const nameSlot = '<span data-slot="user-name"></span>';

/**
 * Completes the marks that the site's build left in a page, so that it is right at first paint and
 * without a script. A page stays a static file: these marks are all that the server ever changes.
 */
export function fillPage(html: string, { userName, typed = {}, next }: PageFilling): string {
  const named = userName === null ? html : fillName(html, userName);
  return fillTyped(next === undefined ? named : fillNext(named, next), typed);
}

function fillName(html: string, userName: string): string {
  return html
    .replace('data-session="out"', 'data-session="in"')
    .replaceAll(nameSlot, () => nameSlot.replace('><', () => `>${escapeHtml(userName)}<`));
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
      text
        .replace(`data-typed="${field}"`, () => `value="${escapeHtml(value)}"`)
        .replace(`data-typed-checked="${field}"`, 'checked'),
    html,
  );
}
