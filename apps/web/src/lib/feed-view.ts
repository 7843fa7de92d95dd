import { showFlash } from './flash.ts';
import { moveFocus } from './focus.ts';

const findInput = () => document.querySelector<HTMLInputElement>('#new-feed');
const findButton = () => document.querySelector<HTMLButtonElement>('[data-copy]');

async function copyAddress(): Promise<void> {
  const input = findInput();
  if (!input) return;
  try {
    await navigator.clipboard.writeText(input.value);
    showFlash('feed-copied', input);
  } catch {
    // The browser forbids it: the person can copy what is selected.
    input.select();
    input.focus();
  }
}

/** Shows the new address of the person's feed, with a button that copies it. */
export function showFeedAddress(address: string): void {
  // As an attribute, as the server writes it: the style sheet shows the field that has one.
  findInput()?.setAttribute('value', address);
  const button = findButton();
  if (!button) return;
  button.hidden = false;
  button.onclick = () => void copyAddress();
}

export function selectFeedAddress(form: HTMLFormElement): void {
  findInput()?.select();
  moveFocus(form, findInput());
}

/** Takes the address away: it opens nothing any more. */
export function hideFeedAddress(): void {
  findInput()?.removeAttribute('value');
}
