import { listApprovalComposers } from './approvals/compose-approval-mails.ts';
import { listEmailComposers } from './email-confirmations/list-composers.ts';
import { domainOf, openMailServer } from './mail/mail-server.ts';
import { startMailWorker, type ComposeMail } from './mail/mail-worker.ts';
import { composeResetMail } from './password-resets/compose-reset-mail.ts';
import { RESET_MAIL } from './password-resets/reset-link.ts';
import { NOTICE_MAIL } from './notices/notice-event.ts';
import { composeNotice } from './secure-account/compose-notice.ts';
import type { ServerDeps } from './procedures/server-deps.ts';

/** Every kind of mail, and what writes it. */
const listComposers = (deps: ServerDeps): Record<string, ComposeMail> => ({
  [RESET_MAIL]: (mail) => composeResetMail(deps, mail),
  ...listEmailComposers(deps),
  ...listApprovalComposers(deps),
  [NOTICE_MAIL]: (mail) => composeNotice(deps, mail),
});

/**
 * Sends the site's mails beside the requests; without a place for them nothing.
 *
 * @returns how to stop
 */
export function startMail(
  deps: ServerDeps,
  pace?: Parameters<typeof startMailWorker>[1],
): () => Promise<void> {
  const { mailPlace, mailSender } = deps.settings;
  if (!mailPlace || !mailSender) return () => Promise.resolve();
  const domain = domainOf(mailSender);
  const connect =
    mailPlace === 'dev-page' ? deps.keptMails.connect : () => openMailServer(mailPlace, mailSender);
  return startMailWorker({ ...deps, composers: listComposers(deps), domain, connect }, pace);
}
