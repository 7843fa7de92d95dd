import { clearFlashes } from './flash.ts';
import { showFailure } from './form-failure.ts';
import { notifyOtherWindows } from './other-windows.ts';
import { findDestination, isSignedIn, tellOfBlockedCookies } from './submit-form.ts';
import { api, describeFailure, type Failure } from './trpc.ts';
import { askForPasskey } from './webauthn.ts';

/** A challenge is good for ten minutes. */
const RENEW_MILLISECONDS = 9 * 60_000;

let renewal: ReturnType<typeof setTimeout> | undefined;
let isAsked = false;

const isChecked = (form: HTMLFormElement, name: string) =>
  form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.checked;

async function logIn(form: HTMLFormElement, useBrowserAutofill: boolean): Promise<void> {
  const alone = form.dataset['form'] === 'login';
  const optionsJSON = await api.passkeys.startLogin.mutate({ alone });
  const response = await askForPasskey({ optionsJSON, useBrowserAutofill });
  const choices = alone
    ? { staySignedIn: isChecked(form, 'staySignedIn') }
    : { rememberBrowser: isChecked(form, 'rememberBrowser') };
  await api.passkeys.finishLogin.mutate({ response, ...choices });
}

async function goOn(form: HTMLFormElement): Promise<void> {
  if (!(await isSignedIn())) return void tellOfBlockedCookies('login', form, '');
  notifyOtherWindows();
  location.replace(findDestination('login'));
}

function refuse(form: HTMLFormElement, failure: Failure): void {
  if (failure.reason === 'second-step-over') {
    location.assign(`/login${location.search}#${failure.reason}`);
  } else showFailure(form, failure);
}

/** Asks for a passkey because its button was pressed. */
export async function usePasskey(form: HTMLFormElement): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  clearTimeout(renewal);
  clearFlashes();
  try {
    await logIn(form, false);
    await goOn(form);
  } catch (error) {
    refuse(form, describeFailure(error));
    if (form.dataset['form'] === 'login') void offerPasskeys(form);
  } finally {
    isAsked = false;
  }
}

/** Offers passkeys where the browser fills in names: whoever does not choose one notices nothing. */
export async function offerPasskeys(form: HTMLFormElement): Promise<void> {
  clearTimeout(renewal);
  renewal = setTimeout(() => void offerPasskeys(form), RENEW_MILLISECONDS);
  try {
    await logIn(form, true);
    await goOn(form);
  } catch (error) {
    const failure = describeFailure(error);
    const isOfPasskey =
      failure.reason === 'wrong-passkey' || failure.reason === 'passkey-unverified';
    if (isOfPasskey) refuse(form, failure);
  }
}
