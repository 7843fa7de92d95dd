import { messages } from '@latchkey/shared';
import { clearFieldErrors, showFieldErrors } from './field-errors.ts';
import { describeWait, messageOf } from './form-failure.ts';
import { isPending, setPending } from './pending.ts';
import type { Failure } from './trpc.ts';

type Outcome = Failure | null | 'cancelled';

/** Failures that are over with another password, or with another try. */
const mendable = new Set<Failure['reason']>([
  'wrong-password',
  'too-many-attempts',
  'overloaded',
  'offline',
  'unexpected-error',
]);

function findParts() {
  const dialog = document.querySelector<HTMLDialogElement>('#confirm');
  const form = dialog?.querySelector('form');
  const input = dialog?.querySelector<HTMLInputElement>('#confirm-password');
  const message = dialog?.querySelector('[data-confirm-message]');
  const cancel = dialog?.querySelector('[data-confirm-cancel]');
  if (!dialog || !form || !input || !message || !cancel) {
    throw new Error('The page has no ConfirmDialog.');
  }
  return { dialog, form, input, message, cancel };
}

type Parts = ReturnType<typeof findParts>;

const isAboutPassword = ({ reason, fieldErrors }: Failure) =>
  mendable.has(reason) || Boolean(fieldErrors?.['currentPassword']);

function showInDialog({ form, input, message }: Parts, failure: Failure): void {
  const isWrong = failure.reason === 'wrong-password';
  const faults = isWrong ? { currentPassword: [messages['wrong-password']] } : failure.fieldErrors;
  if (faults) showFieldErrors(form, faults);
  else message.textContent = `${messages[messageOf(failure)]} ${describeWait(failure)}`.trim();
  if (isWrong) input.value = '';
  input.focus();
}

/**
 * Asks for the password in a dialog, and tries with it until it is right or the person gives up.
 *
 * @param attempt what the password is needed for
 */
export function askPassword(
  attempt: (currentPassword: string) => Promise<Failure | null>,
): Promise<Outcome> {
  const parts = findParts();
  const { dialog, form, input, message, cancel } = parts;
  let outcome: Outcome | Promise<Outcome> = 'cancelled';

  async function tryPassword(): Promise<void> {
    setPending(form, true);
    clearFieldErrors(form);
    message.textContent = '';
    const running = attempt(input.value);
    // A dialog that is closed meanwhile cannot call it back.
    outcome = running;
    const failure = await running;
    setPending(form, false);
    if (!failure || !isAboutPassword(failure)) return dialog.close();
    outcome = 'cancelled';
    showInDialog(parts, failure);
  }

  return new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      if (!isPending(form)) void tryPassword();
    };
    const close = () => {
      listening.abort();
      // Lets the form behind take the focus back: its button was disabled when the dialog opened.
      if (dialog.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
      form.reset();
      clearFieldErrors(form);
      message.textContent = '';
      resolve(outcome);
    };
    form.noValidate = true;
    form.addEventListener('submit', submit, { signal });
    cancel.addEventListener('click', () => dialog.close(), { signal });
    dialog.addEventListener('close', close, { signal });
    dialog.showModal();
  });
}
