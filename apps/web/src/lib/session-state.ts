import { nameCookie, SIGN_IN_HINT_COOKIE } from '@latchkey/shared';
import { hasNames, isShownSignedIn, showSession } from './session-view.ts';

const root = document.documentElement;
const isForMembers = 'members' in root.dataset;
const hint = `${nameCookie(SIGN_IN_HINT_COOKIE, location)}=1`;

const readHint = () => document.cookie.split('; ').includes(hint);
let lastHint = readHint();

/** Leaves a members' page to the gate, which knows whether it may still be shown. */
function askGate(): void {
  root.hidden = true;
  // WebKit drops a reload that is asked for before `pageshow`, which comes after `visibilitychange`.
  setTimeout(() => location.reload());
}

async function askServer(): Promise<void> {
  const { readSession } = await import('./trpc.ts');
  const session = await readSession();
  if (!session && isForMembers) return askGate();
  showSession(session?.user ?? null);
}

/** When the server cannot be asked, the page stays as it is: it holds nothing private but names. */
function verify(): void {
  askServer().catch(() => undefined);
}

function isSomebodyElse({ id }: { id: string }): boolean {
  const shown = document.querySelector<HTMLInputElement>('[data-value="user-id"]')?.value;
  return shown !== undefined && shown !== id;
}

/** Where the session is over, the next click says so, and keeps what was typed. */
async function followPerson(): Promise<void> {
  const { readSession } = await import('./trpc.ts');
  const session = await readSession();
  if (!session) return;
  if (isSomebodyElse(session.user)) askGate();
  else showSession(session.user);
}

function followHint(): void {
  const isHinted = readHint();
  if (isHinted === lastHint) return;
  lastHint = isHinted;
  if (isHinted) verify();
  else if (isForMembers) askGate();
  else showSession(null);
}

/** Another person may have logged in meanwhile, which leaves the hint as it was. */
function followOtherTabs(): void {
  const isSame = readHint() === lastHint;
  followHint();
  if (isSame && lastHint && !document.hidden) followPerson().catch(() => undefined);
}

/**
 * Keeps the page true to the session: after a page from a cache or a CDN, after the Back button,
 * and after another tab logged in or out.
 */
export function watchSession(): void {
  if (readHint() !== isShownSignedIn() || (isShownSignedIn() && !hasNames())) verify();
  addEventListener('pageshow', followHint);
  document.addEventListener('visibilitychange', followOtherTabs);
}
