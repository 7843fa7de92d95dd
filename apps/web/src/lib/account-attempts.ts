import {
  changeEmailInput,
  changePasswordInput,
  confirmAuthenticatorInput,
  confirmationInput,
  deleteAccountInput,
  removePasskeyInput,
  renamePasskeyInput,
  revokeSessionInput,
  startRegistrationInput,
  unlinkOidcInput,
  updateInput,
} from '@latchkey/shared';
import { removeOtherSessions, removeSession, showEmail, showProfile } from './account-view.ts';
import { createAttempt } from './attempt.ts';
import { hideFeedAddress, showFeedAddress } from './feed-view.ts';
import { hideRecoveryCodes, showRecoveryCodes } from './recovery-codes-view.ts';
import { saveFile } from './save-file.ts';
import { api } from './trpc.ts';
import { createPasskey } from './webauthn.ts';

async function goToProvider(visit: Parameters<typeof api.oidc.start.mutate>[0]): Promise<void> {
  const { address } = await api.oidc.start.mutate(visit);
  location.assign(address);
}

/** Whether the email changes only when the link is opened that was sent last. */
export let isEmailWaiting = false;

/** What each form of the dashboard calls, and what the page then shows. */
export const accountAttempts = {
  profile: createAttempt(
    updateInput,
    async (input) => {
      showProfile((await api.account.update.mutate(input)).user);
    },
    ['username'],
  ),
  email: createAttempt(changeEmailInput, async (input) => {
    const answer = await api.account.changeEmail.mutate(input);
    isEmailWaiting = !('user' in answer);
    if ('user' in answer) showEmail(answer.user);
  }),
  password: createAttempt(
    changePasswordInput,
    async (input) => {
      await api.account.changePassword.mutate(input);
      removeOtherSessions();
      hideFeedAddress();
    },
    ['newPassword'],
  ),
  'start-authenticator': createAttempt(confirmationInput, (input) =>
    api.factors.startAuthenticator.mutate(input),
  ),
  'confirm-authenticator': createAttempt(confirmAuthenticatorInput, async (input) => {
    showRecoveryCodes((await api.factors.confirmAuthenticator.mutate(input)).recoveryCodes);
  }),
  'renew-recovery-codes': createAttempt(confirmationInput, async (input) => {
    showRecoveryCodes((await api.factors.renewRecoveryCodes.mutate(input)).recoveryCodes);
  }),
  'remove-authenticator': createAttempt(confirmationInput, async (input) => {
    await api.factors.removeAuthenticator.mutate(input);
    hideRecoveryCodes();
  }),
  'add-passkey': createAttempt(startRegistrationInput, async ({ name, ...proof }) => {
    const options = await api.passkeys.startRegistration.mutate(proof);
    const response = await createPasskey(options);
    const { recoveryCodes } = await api.passkeys.finishRegistration.mutate({ response, name });
    if (recoveryCodes) showRecoveryCodes(recoveryCodes);
  }),
  'rename-passkey': createAttempt(renamePasskeyInput, (input) => api.passkeys.rename.mutate(input)),
  'remove-passkey': createAttempt(removePasskeyInput, (input) => api.passkeys.remove.mutate(input)),
  'link-oidc': createAttempt(confirmationInput, async (input) => {
    await goToProvider({ purpose: 'link', ...input });
  }),
  'confirm-oidc': createAttempt(confirmationInput, () => goToProvider({ purpose: 'proof' })),
  'unlink-oidc': createAttempt(unlinkOidcInput, (input) => api.oidc.unlink.mutate(input)),
  'end-session': createAttempt(revokeSessionInput, async (input) => {
    await api.sessions.revoke.mutate(input);
    removeSession(input.id);
  }),
  'end-other-sessions': createAttempt(confirmationInput, async (input) => {
    await api.sessions.revokeOthers.mutate(input);
    removeOtherSessions();
  }),
  'end-other-devices': createAttempt(confirmationInput, (input) =>
    api.sessions.revokeOthers.mutate(input),
  ),
  'make-feed': createAttempt(confirmationInput, async (input) => {
    showFeedAddress((await api.feed.create.mutate(input)).address);
  }),
  'revoke-feed': createAttempt(confirmationInput, async () => {
    await api.feed.revoke.mutate();
    hideFeedAddress();
  }),
  export: createAttempt(confirmationInput, async (input) => {
    saveFile('latchkey-account.json', await api.account.export.mutate(input));
  }),
  delete: createAttempt(deleteAccountInput, (input) => api.account.delete.mutate(input)),
};

export type AccountAction = keyof typeof accountAttempts;
