import { nameCookie, parseNextPath, SIGN_IN_HINT_COOKIE, type MessageId } from '@latchkey/shared';
import { showFlash } from './flash.ts';
import { listenToOtherWindows, notifyOtherWindows } from './other-windows.ts';
import { hasNames, isShownSignedIn, readPerson, showSession } from './session-view.ts';

const root = document.documentElement;
const isForMembers = 'members' in root.dataset;
const hint = `${nameCookie(SIGN_IN_HINT_COOKIE, location)}=1`;
const otherPerson: MessageId = 'other-person';

const readHint = () => document.cookie.split('; ').includes(hint);
let lastHint = readHint();

/** Leaves a members' page to the gate, which knows whether it may still be shown. */
function reloadPage(): void {
  root.hidden = true;
  // WebKit drops a reload that is asked for before `pageshow`, which comes after `visibilitychange`.
  setTimeout(() => location.reload());
}

/** Nothing of a members' page may stay for somebody else, nor what its person typed: a reload keeps that. */
function leaveToOther(): void {
  for (const form of document.forms) form.reset();
  history.replaceState(null, '', `#${otherPerson}`);
  reloadPage();
}

/** Shows the page as this person sees it. True where it is theirs already. */
function showPerson(user: { id: string; name: string }): boolean {
  const person = readPerson();
  const isOther = person !== null && person !== user.id;
  if (isOther && isForMembers) leaveToOther();
  else {
    if (isOther) showFlash(otherPerson);
    showSession(user);
  }
  return person === user.id;
}

/**
 * Asks the server who is signed in. True where it is the page's own person. When it cannot be asked, the
 * page stays as it is: it holds nothing private but names.
 */
async function askServer(whenOver: () => void): Promise<boolean> {
  try {
    const { readSession } = await import('./trpc.ts');
    const session = await readSession();
    if (session) return showPerson(session.user);
    whenOver();
  } catch {
    // Out of reach.
  }
  return false;
}

/** The page of a visitor; a members' page asks the gate. */
function showSignedOut(): void {
  if (isForMembers) reloadPage();
  else showSession(null);
}

async function followHint(): Promise<boolean> {
  const isHinted = readHint();
  if (isHinted === lastHint) return false;
  lastHint = isHinted;
  if (isHinted) return askServer(showSignedOut);
  showSignedOut();
  return false;
}

/** Whether this is the log-in that a members' page gave way to, and nobody has begun to fill it in. */
function isWaitingLogin(): boolean {
  const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (loaded?.type !== 'reload' || loaded.redirectCount === 0) return false;
  const inputs = [
    ...document.querySelectorAll<HTMLInputElement>('form[data-form="login"] .field input'),
  ];
  return inputs.length > 0 && inputs.every(({ value, defaultValue }) => value === defaultValue);
}

/** Somebody logged in in another window: the page comes back as theirs. */
function leaveLogin(): void {
  const next = new URLSearchParams(location.search).get('next');
  location.replace(parseNextPath(next) ?? '/dashboard');
}

/** Another person may have logged in meanwhile, which leaves the hint as it was. */
async function followOthers(): Promise<boolean> {
  if (readHint() !== lastHint || !lastHint || document.hidden) return followHint();
  // Where the session is over, the next click says so, and keeps what was typed.
  return askServer(() => undefined);
}

let answered: string | null | undefined;

/** A window that was still loading while this person logged in cannot know: it is told, once. */
async function followWindow(person: string | null | undefined): Promise<void> {
  if (person === readPerson()) return;
  const isRight = await followOthers();
  if (isShownSignedIn() && isWaitingLogin()) return leaveLogin();
  if (!isRight || person === undefined || person === answered) return;
  answered = person;
  notifyOtherWindows(readPerson());
}

/**
 * Keeps the page true to the session: after a page from a cache or a CDN, after the Back button,
 * and after another window logged in or out.
 */
export function watchSession(): void {
  if (readHint() !== isShownSignedIn() || (isShownSignedIn() && !hasNames())) {
    void askServer(showSignedOut);
  }
  listenToOtherWindows((person) => void followWindow(person));
  notifyOtherWindows(readPerson());
  addEventListener('pageshow', ({ persisted }) => void (persisted ? followOthers() : followHint()));
  document.addEventListener('visibilitychange', () => void followOthers());
}
