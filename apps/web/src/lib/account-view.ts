import { showLocalTimes } from './local-times.ts';
import { showSession } from './session-view.ts';

type ShownUser = { name: string; email: string; username: string | null };

/** Shows a person's new data wherever the page has them. */
export function showUser(user: ShownUser): void {
  showSession(user);
  for (const slot of document.querySelectorAll('[data-slot="user-email"]')) {
    slot.textContent = user.email;
  }
  const values = { name: user.name, username: user.username ?? '', 'new-email': user.email };
  for (const [id, value] of Object.entries(values)) {
    const input = document.querySelector<HTMLInputElement>(`#${id}`);
    if (input) input.value = value;
  }
}

export function removeSession(id: string): void {
  document.querySelector(`[data-session-id="${CSS.escape(id)}"]`)?.remove();
}

export function removeOtherSessions(): void {
  for (const item of document.querySelectorAll('[data-session-id]:has(button)')) item.remove();
}

/** The button that had the focus is gone with its session. */
export function stayNearSessions(): void {
  document.querySelector<HTMLElement>('.sessions')?.focus({ preventScroll: true });
}

/** Brings the lists up to date from the page as the server fills it. Where it cannot, they stay. */
export async function refreshLists(): Promise<void> {
  try {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const list of document.querySelectorAll<HTMLElement>('[data-list]')) {
      const current = page.querySelector(`[data-list="${list.dataset['list'] ?? ''}"]`);
      if (current) list.replaceChildren(...current.children);
    }
    showLocalTimes();
  } catch {
    // Offline: what the page shows was true a moment ago.
  }
}
