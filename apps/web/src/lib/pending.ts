export function isPending(form: HTMLFormElement): boolean {
  return form.ariaBusy === 'true';
}

/** Marks a form as being sent, so that a second click does nothing. */
export function setPending(form: HTMLFormElement, pending: boolean): void {
  form.ariaBusy = pending ? 'true' : null;
  for (const button of form.querySelectorAll<HTMLButtonElement>('button[type="submit"]')) {
    button.disabled = pending;
    button.ariaBusy = pending ? 'true' : null;
  }
}

/** A page that comes back with the Back button is as it was left: with its form being sent. */
export function resetPendingOnReturn(): void {
  addEventListener('pageshow', () => {
    for (const form of document.forms) setPending(form, false);
  });
}
