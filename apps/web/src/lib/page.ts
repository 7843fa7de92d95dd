import { startFlashes } from './flash.ts';
import { keepFocus } from './focus.ts';
import { enhanceForms } from './forms.ts';
import { enhanceLogout } from './logout.ts';
import { keepNextPath } from './next-links.ts';
import { enhancePasswordFields } from './password-field.ts';
import { resetPendingOnReturn } from './pending.ts';
import { watchSession } from './session-state.ts';
import { fillInTakenEmail } from './taken-email.ts';

keepFocus();
startFlashes();
enhanceForms();
enhancePasswordFields();
enhanceLogout();
keepNextPath();
fillInTakenEmail();
resetPendingOnReturn();
watchSession();
