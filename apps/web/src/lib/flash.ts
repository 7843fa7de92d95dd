const flashes = new Map<string, HTMLElement>();
const originalTexts = new Map<string, string>();
const homes = new Map<string, Element | null>();

function findRegion(flash: HTMLElement, near?: Element): Element | null | undefined {
  const kind = flash.dataset['tone'] === 'error' ? 'urgent' : 'polite';
  const place = near?.closest('section') ?? homes.get(flash.id);
  return place?.querySelector(`[data-flash-region="${kind}"]`);
}

/** Takes away whatever message is shown. */
export function clearFlash(): void {
  for (const flash of flashes.values()) flash.remove();
}

/**
 * Shows one of the page's messages and has it announced. It enters a live region that was there
 * before, which is what screen readers notice; an id that the page does not have shows nothing.
 *
 * @param near what it is about: in a section, the section shows it; otherwise its own place does
 * @param addition a sentence to add to the message
 */
export function showFlash(id: string, near?: Element, addition = ''): void {
  clearFlash();
  const flash = flashes.get(id);
  if (!flash) return;
  flash.textContent = [originalTexts.get(id), addition].join(' ').trim();
  findRegion(flash, near)?.append(flash);
  flash.scrollIntoView({ block: 'nearest' });
}

function showFlashOfAddress(): void {
  const id = location.hash.slice(1);
  if (flashes.has(id)) showFlash(id, undefined, flashes.get(id)?.lastElementChild?.textContent);
}

/** From here on messages come and go by script; without it `:target` shows the address's one. */
export function startFlashes(): void {
  for (const flash of document.querySelectorAll<HTMLElement>('.flash')) {
    flashes.set(flash.id, flash);
    originalTexts.set(flash.id, flash.firstChild?.textContent?.trim() ?? '');
    homes.set(flash.id, flash.parentElement);
  }
  clearFlash();
  showFlashOfAddress();
  addEventListener('hashchange', showFlashOfAddress);
}
