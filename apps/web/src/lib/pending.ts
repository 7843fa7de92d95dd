export function isPending(form: HTMLFormElement): boolean {
  return form.ariaBusy === 'true';
}

/**
 * Marks a form as being sent, so that a second click does nothing.
 *
 * @param submitter the button that sent it, where the form has more than one
 */
export function setPending(
  form: HTMLFormElement,
  pending: boolean,
  submitter: HTMLElement | null = null,
): void {
  form.ariaBusy = pending ? 'true' : null;
  for (const button of form.elements) {
    if (!(button instanceof HTMLButtonElement) || button.type !== 'submit') continue;
    // One that is hidden is disabled for good: it keeps the Enter key from sending the form.
    if (button.hidden) continue;
    button.disabled = pending;
    button.ariaBusy = pending && (submitter ?? button) === button ? 'true' : null;
  }
}

function resetPending(): void {
  for (const form of document.forms) setPending(form, false);
}

/** A page that comes back with the Back button is as it was left: with its form being sent. */
export function resetPendingOnReturn(): void {
  // Firefox gives back disabled buttons to a page that it loads anew.
  resetPending();
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) resetPending();
  });
}
