import {
  LANDING_PATH,
  loginInput,
  parseNextPath,
  registerInput,
  requestPasswordResetInput,
  resetPasswordInput,
  secondFactorInput,
  type MessageId,
} from '@latchkey/shared';
import { createAttempt } from './attempt.ts';
import { clearFieldErrors } from './field-errors.ts';
import { showFlash } from './flash.ts';
import { showFailure } from './form-failure.ts';
import { notifyOtherWindows } from './other-windows.ts';
import { handOverEmail } from './taken-email.ts';
import { api, readSession } from './trpc.ts';

/** Whether the password was right, and a second factor is to follow. */
let isHalfway = false;

const attempts = {
  login: createAttempt(loginInput, async (input) => {
    isHalfway = (await api.auth.login.mutate(input)).secondFactor !== undefined;
  }),
  'second-factor': createAttempt(secondFactorInput, (input) => api.auth.secondFactor.mutate(input)),
  register: createAttempt(registerInput, (input) => api.auth.register.mutate(input), [
    'username',
    'password',
  ]),
  'forgot-password': createAttempt(requestPasswordResetInput, (input) =>
    api.auth.requestPasswordReset.mutate(input),
  ),
  'reset-password': createAttempt(resetPasswordInput, (input) =>
    api.auth.resetPassword.mutate(input),
  ),
};
type FormKind = keyof typeof attempts;

function readTyped(form: HTMLFormElement): Record<string, unknown> {
  const entries = [...form.querySelectorAll('input')].map(({ name, type, value, checked }) => [
    name,
    type === 'checkbox' ? checked : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

export function findDestination(kind: FormKind): string {
  if (kind === 'reset-password') return `/login#${'password-reset' satisfies MessageId}`;
  const next = parseNextPath(new URLSearchParams(location.search).get('next')) ?? LANDING_PATH;
  return kind === 'register' && !next.includes('#') ? `${next}#welcome` : next;
}

/** Whether the browser kept the cookie. Where nobody answers, the next page shows it. */
export function isSignedIn(): Promise<boolean> {
  return readSession().then(
    (session) => session !== null,
    () => true,
  );
}

/** Says why the log-in comes to nothing; who has just registered must not do so once more. */
export function tellOfBlockedCookies(
  kind: FormKind,
  form: HTMLFormElement,
  email: unknown,
): boolean {
  const message: MessageId = 'cookies-blocked';
  if (kind === 'login') {
    showFlash(message, form);
    return false;
  }
  handOverEmail(String(email));
  location.assign(`/login${location.search}#${message}`);
  return true;
}

/** Checks and sends a form. True when the browser is on its way to another page. */
export async function submitForm(form: HTMLFormElement): Promise<boolean> {
  const kind = form.dataset['form'] as FormKind;
  const typed = readTyped(form);
  clearFieldErrors(form);
  const failure = await attempts[kind](typed);
  if (failure?.reason === 'email-taken') {
    handOverEmail(String(typed['email']));
    location.assign(`/login${location.search}#email-taken`);
    return true;
  }
  if (failure?.reason === 'second-step-over') {
    location.assign(`/login${location.search}#${failure.reason}`);
    return true;
  }
  if (!failure && kind === 'login' && isHalfway) {
    location.assign(`/second-factor${location.search}`);
    return true;
  }
  if (!failure && kind === 'forgot-password') {
    showFlash('reset-sent' satisfies MessageId, form);
    return false;
  }
  if (!failure && kind !== 'reset-password' && !(await isSignedIn())) {
    return tellOfBlockedCookies(kind, form, typed['email']);
  }
  if (failure) showFailure(form, failure);
  // Back must lead to where the person came from, and not to the form that is done with.
  else {
    // What comes next may be a file, which tells nobody.
    notifyOtherWindows();
    location.replace(findDestination(kind));
  }
  return !failure;
}
