import { SITE_NAME } from '@latchkey/shared';
import { showFlash } from './flash.ts';
import { moveFocus } from './focus.ts';
import { saveText } from './save-file.ts';

const findCodes = () => document.querySelector<HTMLElement>('#recovery-codes');

async function copyCodes(codes: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(codes.textContent);
    showFlash('recovery-codes-copied', codes);
  } catch {
    // The browser forbids it: the person can copy what is selected.
    getSelection()?.selectAllChildren(codes);
    codes.focus();
  }
}

const actions: Record<string, (codes: HTMLElement) => void> = {
  copy: (codes) => void copyCodes(codes),
  download: ({ textContent }) =>
    saveText('recovery-codes.txt', `Recovery codes for ${SITE_NAME}\n\n${textContent}\n`),
  print: () => print(),
};

/** Shows the recovery codes that were just made, with what can be done with them. */
export function showRecoveryCodes(recoveryCodes: string[]): void {
  const codes = findCodes();
  if (!codes) return;
  codes.textContent = recoveryCodes.join('\n');
  const place = codes.parentElement?.querySelector<HTMLElement>('.code-actions');
  if (place) place.hidden = false;
  for (const button of place?.querySelectorAll<HTMLElement>('[data-codes]') ?? []) {
    button.onclick = () => actions[button.dataset['codes'] ?? '']?.(codes);
  }
}

/** Whether recovery codes are shown that were just made. */
export const hasRecoveryCodes = (): boolean => Boolean(findCodes()?.textContent);

export function focusRecoveryCodes(form: HTMLFormElement): void {
  moveFocus(form, findCodes());
}

/** Takes the codes away: they open nothing any more. */
export function hideRecoveryCodes(): void {
  const codes = findCodes();
  if (codes) codes.textContent = '';
}
