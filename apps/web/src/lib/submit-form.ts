import {
  LANDING_PATH,
  loginInput,
  parseNextPath,
  registerInput,
  emailLinkInput,
  requestPasswordResetInput,
  resetPasswordInput,
  secondFactorInput,
  secureAccountInput,
  type MessageId,
} from '@latchkey/shared';
import { createAttempt } from './attempt.ts';
import { clearFieldErrors } from './field-errors.ts';
import { showFlash } from './flash.ts';
import { showFailure } from './form-failure.ts';
import { notifyOtherWindows } from './other-windows.ts';
import { handOverEmail } from './taken-email.ts';
import { api, readSession } from './trpc.ts';

/** What the last answer said besides that all went well. */
let isMailSent = false;
/** Whether the account is there, and waits for the operator's approval. */
let isWaiting = false;
/** Whether the password was right, and a second factor is to follow. */
let isHalfway = false;
let confirmed: Awaited<ReturnType<typeof api.auth.confirmEmail.mutate>> = {};

const attempts = {
  login: createAttempt(loginInput, async (input) => {
    isHalfway = (await api.auth.login.mutate(input)).secondFactor !== undefined;
  }),
  'second-factor': createAttempt(secondFactorInput, (input) => api.auth.secondFactor.mutate(input)),
  register: createAttempt(
    registerInput,
    async (input) => {
      const answer = await api.auth.register.mutate(input);
      if ('confirmation' in answer) isMailSent = true;
      isWaiting = 'approval' in answer;
    },
    ['username', 'password'],
  ),
  'confirm-email': createAttempt(emailLinkInput, async (input) => {
    confirmed = await api.auth.confirmEmail.mutate(input);
    isWaiting = confirmed.approval === 'waiting';
  }),
  'undo-email': createAttempt(emailLinkInput, (input) => api.auth.undoEmailChange.mutate(input)),
  'forgot-password': createAttempt(requestPasswordResetInput, (input) =>
    api.auth.requestPasswordReset.mutate(input),
  ),
  'reset-password': createAttempt(resetPasswordInput, (input) =>
    api.auth.resetPassword.mutate(input),
  ),
  'secure-account': createAttempt(secureAccountInput, (input) =>
    api.auth.secureAccount.mutate(input),
  ),
};
type FormKind = keyof typeof attempts;
/** They sign nobody in, and lead to a page of their own. */
const ends: Partial<Record<FormKind, string>> = {
  'undo-email': `/forgot-password#${'email-restored' satisfies MessageId}`,
  'reset-password': `/login#${'password-reset' satisfies MessageId}`,
  'secure-account': `/forgot-password#${'account-secured' satisfies MessageId}`,
};

function readTyped(form: HTMLFormElement): Record<string, unknown> {
  const entries = [...form.querySelectorAll('input')].map(({ name, type, value, checked }) => [
    name,
    type === 'checkbox' ? checked : value,
  ]);
  const next = new URLSearchParams(location.search).get('next') ?? undefined;
  return { next, ...(Object.fromEntries(entries) as Record<string, unknown>) };
}

/** The address that was typed; a form with a link's code has none. */
function readEmail({ email }: Record<string, unknown>): string {
  return typeof email === 'string' ? email : '';
}

export function findDestination(kind: FormKind): string {
  const end = ends[kind];
  if (end !== undefined) return end;
  if (isWaiting) return `/login${location.search}#${'waiting-for-approval' satisfies MessageId}`;
  if (isMailSent) return `/check-email${location.search}`;
  if (kind === 'confirm-email' && !confirmed.user) {
    // The log-in sends whoever is signed in on to the dashboard, which says it as well.
    return `/login#${'email-confirmed' satisfies MessageId}`;
  }
  const wanted = confirmed.next ?? new URLSearchParams(location.search).get('next');
  const next = parseNextPath(wanted) ?? LANDING_PATH;
  const isNew = kind === 'register' || kind === 'confirm-email';
  return isNew && !next.includes('#') ? `${next}#${'welcome' satisfies MessageId}` : next;
}

/** Whether this browser is signed in after a form that went well. */
function signsIn(kind: FormKind): boolean {
  if (kind === 'confirm-email') return confirmed.user !== undefined;
  return kind === 'login' || (kind === 'register' && !isMailSent && !isWaiting);
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
  email: string,
): boolean {
  const message: MessageId = 'cookies-blocked';
  if (kind === 'login') {
    showFlash(message, form);
    return false;
  }
  handOverEmail(email);
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
    handOverEmail(readEmail(typed));
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
  if (isMailSent) handOverEmail(readEmail(typed));
  if (!failure && signsIn(kind) && !(await isSignedIn())) {
    return tellOfBlockedCookies(kind, form, confirmed.user?.email ?? readEmail(typed));
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
