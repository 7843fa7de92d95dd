import { showFlash } from './flash.ts';

/** The page is there, and has been used or not, before the browser is asked for passkeys. */
const OFFER_MILLISECONDS = 1500;

const load = () => import('./passkey-login.ts');

async function offer(form: HTMLFormElement): Promise<void> {
  try {
    // Safari 15 has passkeys, and not this.
    if (!('isConditionalMediationAvailable' in PublicKeyCredential)) return;
    if (await PublicKeyCredential.isConditionalMediationAvailable())
      await (await load()).offerPasskeys(form);
  } catch {
    // Offline: the form says so when it is sent.
  }
}

/** The button marked `data-passkey` asks for a passkey instead of what the form of its page asks for. */
function enhancePasskeyButton(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-passkey]');
  const form = document.querySelector<HTMLFormElement>('form[data-form]');
  if (!button || !form) return;
  if (!('PublicKeyCredential' in window)) {
    button.hidden = true;
    return;
  }
  button.addEventListener('click', () => {
    load().then(
      ({ usePasskey }) => usePasskey(form),
      () => showFlash('offline', form),
    );
  });
  if (form.dataset['form'] === 'login') setTimeout(() => void offer(form), OFFER_MILLISECONDS);
}

enhancePasskeyButton();
