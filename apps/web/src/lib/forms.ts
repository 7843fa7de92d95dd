import { rememberValues } from './sent-values.ts';
import { clearFlashes, showFlash } from './flash.ts';
import { restoreFocus, rememberFocus } from './focus.ts';
import { isPending, setPending } from './pending.ts';
import { isReachable } from './reachable.ts';

const PRELOAD_MILLISECONDS = 2000;

const isForMembers = 'members' in document.documentElement.dataset;

const importSubmitForm = () =>
  isForMembers ? import('./account-form.ts') : import('./submit-form.ts');
let loading: ReturnType<typeof importSubmitForm> | undefined;

/** Loads it once for all forms: of two imports Chromium may settle the later one first. */
async function loadSubmitForm() {
  try {
    return await (loading ??= importSubmitForm());
  } catch {
    loading = undefined;
    return null;
  }
}
const preload = () => void loadSubmitForm();

/** Sends a form without the script, with what its button stands for. */
function sendAsItIs(form: HTMLFormElement, submitter: HTMLButtonElement | null): void {
  if (submitter?.name)
    form.addEventListener('formdata', ({ formData }) =>
      formData.set(submitter.name, submitter.value),
    );
  form.submit();
}

async function submit(form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
  if (isPending(form)) return;
  rememberFocus(form);
  rememberValues(form);
  setPending(form, true, submitter);
  clearFlashes();
  const loaded = await loadSubmitForm();
  if (!loaded && (await isReachable(form))) return sendAsItIs(form, submitter);
  if (!loaded) showFlash('offline', form);
  else if (await loaded.submitForm(form, submitter)) return;
  setPending(form, false);
  restoreFocus(form);
}

function enhanceForm(form: HTMLFormElement): void {
  // The shared schema speaks instead of the browser, in the same words as the server.
  form.noValidate = true;
  form.addEventListener('focusin', preload, { once: true });
  setTimeout(preload, PRELOAD_MILLISECONDS);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(form, event.submitter as HTMLButtonElement | null);
  });
}

/** Forms marked `data-form` are checked and sent by script; without it they post as they are. */
export function enhanceForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-form]')) {
    enhanceForm(form);
  }
}
