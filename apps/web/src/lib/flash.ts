/** How long the address still has the message that is shown. */
const ADDRESS_MILLISECONDS = 3000;

const root = document.documentElement;

/** The messages that this page can show, by their ids; a copy of one is what is shown. */
const flashes = new Map<string, HTMLElement>();
const homes = new Map<string, Element | null>();

function findPlace(id: string, near?: Element): Element | null | undefined {
  return near?.closest('section') ?? homes.get(id);
}

function clearPlace(place: ParentNode): void {
  for (const flash of place.querySelectorAll('.flash')) flash.remove();
}

/** Whether it can be true of who is signed in. */
function canBeTrue({ dataset }: HTMLElement): boolean {
  const state = dataset['when'];
  return state === undefined || state === `signed-${root.dataset['session'] ?? ''}`;
}

/** Takes away the messages that are no longer true, once somebody has logged in or out. */
export function clearUntrueFlashes(): void {
  for (const flash of document.querySelectorAll<HTMLElement>('.flash')) {
    if (!canBeTrue(flash)) flash.remove();
  }
}

/** Takes away whatever messages are shown. */
export function clearFlashes(): void {
  clearPlace(document);
}

/** Says who is logged in, in a message that tells of it. */
export function nameReader(name: string, message: ParentNode = document): void {
  const place = message.querySelector<HTMLElement>('[data-reader]');
  const slot = place?.querySelector('bdi');
  if (!place || !slot || name === '') return;
  slot.textContent = name;
  place.hidden = false;
}

/**
 * Shows one of the page's messages and has it announced, in place of the one that stood there: what a
 * form was told in another section stays. It enters a live region that was there before, which is
 * what screen readers notice; an id that the page does not have shows nothing, nor does one that cannot be true.
 *
 * @param near what it is about: in a section, the section shows it; otherwise its own place does
 * @param wait how long to wait, for a message with a place for it; else what the server wrote there
 */
export function showFlash(id: string, near?: Element, wait?: string): void {
  const place = findPlace(id, near);
  const flash = flashes.get(id)?.cloneNode(true) as HTMLElement | undefined; // The types forget what is cloned.
  if (!place || !flash || !canBeTrue(flash)) return;
  const slot = flash.querySelector('[data-slot="wait"]');
  if (slot && wait !== undefined) slot.textContent = wait;
  nameReader(document.querySelector('[data-slot="user-name"]')?.textContent ?? '', flash);
  // The id is for the address; two sections may show the same message.
  if (near) flash.removeAttribute('id');
  clearPlace(place);
  const kind = flash.dataset['tone'] === 'error' ? 'urgent' : 'polite';
  place.querySelector(`[data-flash-region="${kind}"]`)?.append(flash);
  flash.scrollIntoView({ block: 'nearest' });
}

type Entry = { toldMessage?: string } | null;

/**
 * A message belongs to what happened, and not to the address: this entry of the history does not show it
 * again, at a reload or with the Back button, and the address soon loses it.
 */
function noteTold(id: string): void {
  history.replaceState({ ...(history.state as Entry), toldMessage: id }, '');
  setTimeout(() => {
    if (location.hash !== `#${id}`) return;
    history.replaceState(history.state, '', location.pathname + location.search);
  }, ADDRESS_MILLISECONDS);
}

/** A members' page is told by the server that a form was refused; an address alone may come from anywhere. */
function isFromServer({ dataset }: HTMLElement): boolean {
  return dataset['tone'] !== 'error' || root.dataset['members'] !== '';
}

function showFlashOfAddress(): void {
  const id = location.hash.slice(1);
  const flash = flashes.get(id);
  if (!flash) return;
  clearFlashes();
  const isNews = (history.state as Entry)?.toldMessage !== id;
  if (isNews && isFromServer(flash)) showFlash(id);
  noteTold(id);
}

/** Where a script shows a message: the place that has it, or the page's first where that has no live regions. */
function findHome({ parentElement }: HTMLElement): Element | null {
  const hasRegions = parentElement?.querySelector('[data-flash-region]');
  return hasRegions ? parentElement : document.querySelector('.flashes');
}

/** From here on messages come and go by script; without it `:target` shows the address's one. */
export function startFlashes(): void {
  for (const flash of document.querySelectorAll<HTMLElement>('.flash')) {
    flashes.set(flash.id, flash);
    homes.set(flash.id, findHome(flash));
  }
  clearFlashes();
  showFlashOfAddress();
  addEventListener('hashchange', showFlashOfAddress);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) clearFlashes();
  });
}
