import { messages } from '@latchkey/shared';
import { clearFieldErrors, showFieldErrors } from './field-errors.ts';
import { describeWait, messageOf } from './form-failure.ts';
import { isPending, setPending } from './pending.ts';
import { describeChoices, makePasskeyButton } from './proof-choices.ts';
import { proveWithPasskey } from './prove-with-passkey.ts';
import type { Failure } from './trpc.ts';

type Outcome = Failure | null | 'cancelled';

/** What goes with a sensitive call: nothing where a passkey has proved who is there. */
type Given = { currentPassword?: string };

/** Failures of a passkey that the dialog has nothing to say of: the session is over, or another's. */
const isElsewhere = ({ reason }: Failure) =>
  reason === 'sign-in-required' || reason === 'other-person';

/** Failures that are over with another password, or with another try. */
const mendable = new Set<Failure['reason']>([
  'wrong-password',
  'code-required',
  'too-many-attempts',
  'overloaded',
  'offline',
  'unexpected-error',
]);

function findParts() {
  const dialog = document.querySelector<HTMLDialogElement>('#confirm');
  const form = dialog?.querySelector('form');
  const input = dialog?.querySelector<HTMLInputElement>('#confirm-password');
  const reason = dialog?.querySelector('#confirm-reason');
  const label = dialog?.querySelector('label');
  const message = dialog?.querySelector('[data-confirm-message]');
  const cancel = dialog?.querySelector('[data-confirm-cancel]');
  if (!dialog || !form || !input || !reason || !label || !message || !cancel) {
    throw new Error('The page has no ConfirmDialog.');
  }
  return { dialog, form, input, reason, label, message, cancel };
}

type Parts = ReturnType<typeof findParts>;

const isAboutPassword = ({ reason, fieldErrors }: Failure) =>
  mendable.has(reason) || Boolean(fieldErrors?.['currentPassword']);

function showInDialog({ form, input, message }: Parts, failure: Failure): void {
  const isWrong = failure.reason === 'wrong-password';
  const faults = isWrong ? { currentPassword: [messages['wrong-password']] } : failure.fieldErrors;
  if (faults) showFieldErrors(form, faults);
  else message.textContent = `${messages[messageOf(failure)]} ${describeWait(failure)}`.trim();
  if (isWrong || failure.reason === 'code-required') input.value = '';
  input.focus();
}

/** Says what the person can show; returns the button that asks for a passkey, where they have one. */
function offerChoices({ reason, label, cancel }: Parts, refusal: Failure) {
  reason.textContent = describeChoices(refusal);
  label.textContent = refusal.reason === 'code-required' ? 'Your code' : 'Your password';
  if (!refusal.secondFactor?.includes('passkey') || !('PublicKeyCredential' in window)) return null;
  const button = makePasskeyButton();
  cancel.before(button);
  return button;
}

/**
 * Asks for the password in a dialog, or for what else proves who is there, and tries with it until it is
 * right or the person gives up.
 *
 * @param refusal what the server says can be shown
 * @param attempt what the password is needed for
 */
export function askPassword(
  refusal: Failure,
  attempt: (given: Given) => Promise<Failure | null>,
): Promise<Outcome> {
  const parts = findParts();
  const { dialog, form, input, message, cancel } = parts;
  const passkeyButton = offerChoices(parts, refusal);
  let outcome: Outcome | Promise<Outcome> = 'cancelled';

  function begin(): void {
    setPending(form, true);
    clearFieldErrors(form);
    message.textContent = '';
  }

  async function tryWith(given: Given): Promise<void> {
    const running = attempt(given);
    // A dialog that is closed meanwhile cannot call it back.
    outcome = running;
    const failure = await running;
    setPending(form, false);
    if (!failure || !isAboutPassword(failure)) return dialog.close();
    outcome = 'cancelled';
    showInDialog(parts, failure);
  }

  async function tryPasskey(): Promise<void> {
    begin();
    const failure = await proveWithPasskey();
    // Closed meanwhile: the person has given up.
    if (!dialog.open) return setPending(form, false);
    if (!failure) return tryWith({});
    setPending(form, false);
    if (!isElsewhere(failure)) return showInDialog(parts, failure);
    outcome = failure;
    dialog.close();
  }

  return new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      if (isPending(form)) return;
      begin();
      void tryWith({ currentPassword: input.value });
    };
    const usePasskey = () => {
      if (!isPending(form)) void tryPasskey();
    };
    const close = () => {
      listening.abort();
      // Lets the form behind take the focus back: its button was disabled when the dialog opened.
      if (dialog.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
      form.reset();
      clearFieldErrors(form);
      message.textContent = '';
      passkeyButton?.remove();
      resolve(outcome);
    };
    form.noValidate = true;
    form.addEventListener('submit', submit, { signal });
    passkeyButton?.addEventListener('click', usePasskey);
    cancel.addEventListener('click', () => dialog.close(), { signal });
    dialog.addEventListener('close', close, { signal });
    dialog.showModal();
  });
}
