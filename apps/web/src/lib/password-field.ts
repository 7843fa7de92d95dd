function setShown(button: HTMLButtonElement, input: HTMLInputElement, isShown: boolean): void {
  input.type = isShown ? 'text' : 'password';
  button.ariaPressed = String(isShown);
}

function toggle(button: HTMLButtonElement, input: HTMLInputElement): void {
  const { selectionStart, selectionEnd } = input;
  setShown(button, input, input.type === 'password');
  if (document.activeElement === input) input.setSelectionRange(selectionStart, selectionEnd);
}

/** Puts the show button to work. A shown password is masked again when it is sent. */
export function enhancePasswordFields(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.reveal')) {
    const input = button.parentElement?.querySelector('input');
    if (!input) continue;
    button.hidden = false;
    // Focus stays in the field, and with it the keyboard of a phone.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => toggle(button, input));
    input.form?.addEventListener('submit', () => setShown(button, input, false));
  }
}
