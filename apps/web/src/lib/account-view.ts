import { replaceUnlessEdited } from './sent-values.ts';
import { moveFocus } from './focus.ts';
import { showLocalTimes } from './local-times.ts';
import { readPerson, showSession } from './session-view.ts';

function fillInput(id: string, value: string): void {
  const input = document.querySelector<HTMLInputElement>(`#${id}`);
  if (input) replaceUnlessEdited(input, value);
}

/** Shows what was saved. What is typed into the other forms stays. */
export function showProfile(user: { id: string; name: string; username: string | null }): void {
  const username = user.username ?? '';
  showSession(user);
  fillInput('name', user.name);
  fillInput('username', username);
  fillValues('user-name', user.name);
  fillValues('user-username', username);
}

function fillValues(value: string, text: string): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(`[data-value="${value}"]`)) {
    input.defaultValue = text;
  }
}

export function showEmail({ email }: { email: string }): void {
  for (const slot of document.querySelectorAll('[data-slot="user-email"]')) {
    slot.textContent = email;
  }
  fillValues('user-email', email);
  fillInput('new-email', email);
}

export function removeSession(id: string): void {
  document.querySelector(`[data-session-id="${CSS.escape(id)}"]`)?.remove();
}

export function removeOtherSessions(): void {
  for (const item of document.querySelectorAll('[data-session-id]:has(button)')) item.remove();
}

/** Focuses the list, because the button that had the focus was removed with its item. */
export function focusList(
  form: HTMLFormElement,
  list: 'sessions' | 'factors' | 'passkeys' | 'feed' | 'other-devices' | 'linked-accounts',
): void {
  const place = document.querySelector<HTMLElement>(`[data-list="${list}"]`);
  moveFocus(form, place, { preventScroll: true });
}

/** Leads to the first code of the app, now that the page shows its secret. */
export function focusAuthenticatorCode(form: HTMLFormElement): void {
  moveFocus(form, document.querySelector<HTMLElement>('#authenticator-code'));
}

/** Makes a list what it is now. What stayed the same is left in its place, and keeps the focus. */
function updateList(list: Element, current: Element): void {
  const entries = [...current.children];
  for (const [index, entry] of entries.entries()) {
    const rest = [...list.children].slice(index);
    const same = rest.findIndex((shown) => shown.isEqualNode(entry));
    if (same === -1) list.insertBefore(entry, rest[0] ?? null);
    else for (const gone of rest.slice(0, same)) gone.remove();
  }
  for (const gone of [...list.children].slice(entries.length)) gone.remove();
}

let refreshing: AbortController | undefined;

/**
 * Brings the lists up to date from the page as the server fills it. Where it cannot, they stay. An
 * earlier answer that is still on its way is out of date.
 */
export async function refreshLists(): Promise<void> {
  refreshing?.abort();
  refreshing = new AbortController();
  try {
    const answer = await fetch(location.pathname + location.search, { signal: refreshing.signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    // Somebody else has logged in meanwhile.
    if (readPerson(page) !== readPerson()) return;
    showLocalTimes(page);
    for (const list of document.querySelectorAll<HTMLElement>('[data-list]')) {
      const current = page.querySelector(`[data-list="${list.dataset['list'] ?? ''}"]`);
      if (current) updateList(list, current);
    }
  } catch {
    // Offline: what the page shows was true a moment ago.
  }
}
