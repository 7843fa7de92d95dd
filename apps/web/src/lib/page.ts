import { startFlashes } from './flash.ts';
import { keepFocus } from './focus.ts';
import { enhanceForms } from './forms.ts';
import { enhanceLogout } from './logout.ts';
import { keepNextPath } from './next-links.ts';
import { enhancePasswordFields } from './password-field.ts';
import { resetPendingOnReturn } from './pending.ts';
import { watchSession } from './session-state.ts';

keepFocus();
startFlashes();
enhanceForms();
enhancePasswordFields();
if (document.querySelector('[data-passkey]')) void import('./passkey-button.ts');
enhanceLogout();
keepNextPath();
if (['#email-taken', '#cookies-blocked'].includes(location.hash)) {
  void import('./taken-email.ts').then(({ fillInTakenEmail }) => fillInTakenEmail());
}
resetPendingOnReturn();
watchSession();
