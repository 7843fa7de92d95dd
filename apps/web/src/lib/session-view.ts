import { clearUntrueFlashes, nameReader } from './flash.ts';

const root = document.documentElement;

export function isShownSignedIn(): boolean {
  return root.dataset['session'] === 'in';
}

/** Whether the page's places for the person's name are all filled. */
export function hasNames(): boolean {
  return [...findSlots()].every((slot) => slot.textContent !== '');
}

/** The id of the person whose page this is, or null where it is a visitor's or not known. */
export function readPerson(page = document): string | null {
  return findPersonFields(page)[0]?.value || null;
}

/** Shows the page as this person sees it, or as a visitor does. */
export function showSession(user: { id: string; name: string } | null): void {
  const id = user?.id ?? '';
  if (id !== (readPerson() ?? '')) removeReads();
  for (const slot of findSlots()) slot.textContent = user?.name ?? '';
  for (const field of findPersonFields()) field.value = id;
  root.dataset['session'] = user ? 'in' : 'out';
  clearUntrueFlashes();
  nameReader(user?.name ?? '');
}

/** Takes away which articles were read and how many are left, as that was told of somebody else. */
function removeReads(): void {
  const told = document.querySelectorAll('[data-slot="reads"], [data-slot^="read-"]');
  for (const slot of told) slot.remove();
}

function findSlots(): NodeListOf<Element> {
  return document.querySelectorAll('[data-slot="user-name"]');
}

function findPersonFields(page = document): NodeListOf<HTMLInputElement> {
  return page.querySelectorAll('[data-value="user-id"]');
}
