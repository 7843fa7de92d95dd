const flashes = new Map<string, HTMLElement>();
const originalTexts = new Map<string, string>();

function findRegion(flash: HTMLElement): Element | null {
  const kind = flash.dataset['tone'] === 'error' ? 'urgent' : 'polite';
  return document.querySelector(`[data-flash-region="${kind}"]`);
}

/** Takes away whatever message is shown. */
export function clearFlash(): void {
  for (const flash of flashes.values()) flash.remove();
}

/**
 * Shows one of the page's messages and has it announced. It enters a live region that was there
 * before, which is what screen readers notice; an id that the page does not have shows nothing.
 *
 * @param addition a sentence to add to the message
 */
export function showFlash(id: string, addition = ''): void {
  clearFlash();
  const flash = flashes.get(id);
  if (!flash) return;
  flash.textContent = [originalTexts.get(id), addition].join(' ').trim();
  findRegion(flash)?.append(flash);
  flash.scrollIntoView({ block: 'nearest' });
}

function showFlashOfAddress(): void {
  const id = location.hash.slice(1);
  if (flashes.has(id)) showFlash(id);
}

/** From here on messages come and go by script; without it `:target` shows the address's one. */
export function startFlashes(): void {
  for (const flash of document.querySelectorAll<HTMLElement>('.flash')) {
    flashes.set(flash.id, flash);
    originalTexts.set(flash.id, flash.textContent.trim());
  }
  clearFlash();
  showFlashOfAddress();
  addEventListener('hashchange', showFlashOfAddress);
}
