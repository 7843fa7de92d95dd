import { showFlash } from './flash.ts';

/** The page is there, and has been used or not, before the browser is asked for passkeys. */
const OFFER_MILLISECONDS = 1500;

const loadLogin = () => import('./passkey-login.ts');
const loadProof = () => import('./passkey-proof.ts');

async function offer(form: HTMLFormElement): Promise<void> {
  try {
    // Safari 15 has passkeys, and not this.
    if (!('isConditionalMediationAvailable' in PublicKeyCredential)) return;
    if (await PublicKeyCredential.isConditionalMediationAvailable())
      await (await loadLogin()).offerPasskeys(form);
  } catch {
    // Offline: the form says so when it is sent.
  }
}

/** The button marked `data-passkey` asks for a passkey instead of what the form of its page asks for. */
function enhancePasskeyButton(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-passkey]');
  const form = document.querySelector<HTMLFormElement>('main form');
  if (!button || !form) return;
  if (!('PublicKeyCredential' in window)) {
    button.hidden = true;
    return;
  }
  const { form: kind } = form.dataset;
  const load = kind === undefined ? loadProof : loadLogin;
  button.addEventListener('click', () => {
    load().then(
      ({ usePasskey }) => usePasskey(form),
      () => showFlash('offline', form),
    );
  });
  if (kind === 'login') setTimeout(() => void offer(form), OFFER_MILLISECONDS);
}

enhancePasskeyButton();
