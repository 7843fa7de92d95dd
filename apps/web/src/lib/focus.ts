type Sent = { form: HTMLFormElement; focused: Element | null };

let lastSent: Sent | null = null;

/** Call it when a form is sent, before its button is disabled: a disabled button loses the focus. */
export function rememberFocus(form: HTMLFormElement): void {
  lastSent = { form, focused: document.activeElement };
}

function isStillAt({ form, focused }: Sent): boolean {
  const { activeElement } = document;
  const places = [null, document.body, focused];
  return places.includes(activeElement) || form.contains(activeElement);
}

/**
 * Moves the focus to what a form's answer is about. Somebody who has sent another form since, or is
 * typing elsewhere, is left where they are.
 */
export function moveFocus(
  form: HTMLFormElement,
  target: HTMLElement | null | undefined,
  options?: FocusOptions,
): void {
  if (lastSent?.form === form && isStillAt(lastSent)) target?.focus(options);
}

/** Restores the focus to what had it when the form was sent, unless something else has it now. */
export function restoreFocus(form: HTMLFormElement): void {
  if (lastSent?.form !== form || document.activeElement !== document.body) return;
  if (lastSent.focused instanceof HTMLElement) lastSent.focused.focus();
}

/**
 * Keeps the focus where somebody began to type before the script came: once a page is parsed, the
 * browser goes to what the address's fragment names, and takes the focus away.
 */
export function keepFocus(): void {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLInputElement)) return;
  const giveBack = () =>
    setTimeout(() => {
      if (document.activeElement === document.body) focused.focus();
    });
  focused.addEventListener('blur', giveBack);
  addEventListener('pageshow', () => focused.removeEventListener('blur', giveBack), { once: true });
}
