function setShown(button: HTMLButtonElement, input: HTMLInputElement, isShown: boolean): void {
  input.type = isShown ? 'text' : 'password';
  button.ariaPressed = String(isShown);
}

function toggle(button: HTMLButtonElement, input: HTMLInputElement): void {
  const { selectionStart, selectionEnd } = input;
  setShown(button, input, input.type === 'password');
  if (document.activeElement === input) input.setSelectionRange(selectionStart, selectionEnd);
}

function watchCapsLock(input: HTMLInputElement): void {
  const place = input.closest('.field')?.querySelector('[data-caps-lock]');
  if (!place) return;
  const note = (event: Event) => {
    // What fills a field in by itself sends events of these names that are of no keyboard.
    const isOn = event instanceof KeyboardEvent && event.getModifierState('CapsLock');
    place.textContent = isOn ? 'Caps Lock is on.' : '';
  };
  for (const name of ['keydown', 'keyup', 'blur']) input.addEventListener(name, note);
}

/** Puts the show button to work, and tells of Caps Lock. A shown password is masked again when it is sent. */
export function enhancePasswordFields(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.reveal')) {
    const input = button.parentElement?.querySelector('input');
    if (!input) continue;
    button.hidden = false;
    watchCapsLock(input);
    // Focus stays in the field, and with it the keyboard of a phone.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => toggle(button, input));
    input.form?.addEventListener('submit', () => setShown(button, input, false));
  }
}
