import { showFlash } from './flash.ts';
import { notifyOtherWindows } from './other-windows.ts';
import { isPending, setPending } from './pending.ts';
import { isReachable } from './reachable.ts';
import { showSession } from './session-view.ts';

async function logOut(form: HTMLFormElement): Promise<void> {
  if (isPending(form)) return;
  setPending(form, true);
  try {
    const { endSession } = await import('./trpc.ts');
    await endSession();
  } catch {
    if (await isReachable(form)) return form.submit();
    setPending(form, false);
    form.querySelector('button')?.focus();
    return showFlash('offline');
  }
  setPending(form, false);
  notifyOtherWindows();
  // On the home page the next address differs only in its fragment: nothing is loaded anew.
  if (location.pathname === '/') showSession(null);
  location.assign('/#signed-out');
}

export function enhanceLogout(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-logout]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void logOut(form);
    });
  }
}
