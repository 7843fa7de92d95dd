import { clearFlash, showFlash } from './flash.ts';
import { isPending, setPending } from './pending.ts';

const PRELOAD_MILLISECONDS = 2000;

const loadSubmitForm = () => import('./submit-form.ts').catch(() => null);
const preload = () => void loadSubmitForm();

async function submit(form: HTMLFormElement): Promise<void> {
  if (isPending(form)) return;
  const focused = document.activeElement;
  setPending(form, true);
  clearFlash();
  const loaded = await loadSubmitForm();
  if (!loaded && navigator.onLine) return form.submit();
  if (!loaded) showFlash('offline');
  else if (await loaded.submitForm(form)) return;
  setPending(form, false);
  // A button loses the focus while it is disabled.
  if (document.activeElement === document.body && focused instanceof HTMLElement) focused.focus();
}

function enhanceForm(form: HTMLFormElement): void {
  // The shared schema speaks instead of the browser, in the same words as the server.
  form.noValidate = true;
  form.addEventListener('focusin', preload, { once: true });
  setTimeout(preload, PRELOAD_MILLISECONDS);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(form);
  });
}

/** Forms marked `data-form` are checked and sent by script; without it they post as they are. */
export function enhanceForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-form]')) {
    enhanceForm(form);
  }
}
