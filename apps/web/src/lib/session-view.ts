const root = document.documentElement;

export function isShownSignedIn(): boolean {
  return root.dataset['session'] === 'in';
}

/** Whether the page's places for the person's name are all filled. */
export function hasNames(): boolean {
  return [...findSlots()].every((slot) => slot.textContent !== '');
}

/** Shows the page as this person sees it, or as a visitor does. */
export function showSession(user: { name: string } | null): void {
  for (const slot of findSlots()) slot.textContent = user?.name ?? '';
  root.dataset['session'] = user ? 'in' : 'out';
}

function findSlots(): NodeListOf<Element> {
  return document.querySelectorAll('[data-slot="user-name"]');
}
