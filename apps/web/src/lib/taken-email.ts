import { keepFocus } from './focus.ts';
import { HANDED_EMAIL_KEY } from './handed-email.ts';

/** Keeps the address for the page that follows. Without storage it has to be typed again. */
export function handOverEmail(email: string): void {
  try {
    sessionStorage.setItem(HANDED_EMAIL_KEY, email);
  } catch {
    // Storage is switched off in this browser.
  }
}

function takeEmail(): string | null {
  try {
    const email = sessionStorage.getItem(HANDED_EMAIL_KEY);
    sessionStorage.removeItem(HANDED_EMAIL_KEY);
    return email;
  } catch {
    return null;
  }
}

/** Fills in the address of someone who has registered, now or before, and has to log in. */
export function fillInTakenEmail(): void {
  const input = document.querySelector<HTMLInputElement>('form[data-form="login"] #identifier');
  if (!input) return;
  input.value ||= takeEmail() ?? '';
  // Whoever did not wait for the script is typing already.
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLInputElement>('#password')?.focus();
  keepFocus();
}
