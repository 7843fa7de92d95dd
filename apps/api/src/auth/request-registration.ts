import type { Invitation } from '@latchkey/db';
import { toPersonColumns, type RegisterInput } from '@latchkey/shared';
import { createEmailLink } from '../email-links/email-link.ts';
import { REGISTRATION_MAIL } from '../email-links/link-mails.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { judgeNewPassword } from '../passwords/password-rules.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findUserByUsername } from '../users/find-user.ts';
import type { Registration } from './register-user.ts';

export type RegistrationRequest =
  | { outcome: 'requested' }
  | Exclude<Registration, { outcome: 'registered' | 'email-taken' | 'invitation-spent' }>;

type RequestSteps = {
  invitation: Invitation | null;
  demandAllowance: () => Promise<void>;
  goOn: () => void;
};

/**
 * Puts a registration down until its address is confirmed, or says why not. Nothing is looked up by the
 * address: the work is the same whether there is an account or not, and the mail tells its owner.
 *
 * @param steps.invitation what the person came with; its use is counted when the address is confirmed
 * @param steps.demandAllowance refuses what comes too often for this address
 * @param steps.goOn throws where nothing may be changed any more
 */
export async function requestRegistration(
  deps: ServerDeps,
  { password, staySignedIn = false, next, invitation: _code, ...person }: RegisterInput,
  { invitation, demandAllowance, goOn }: RequestSteps,
): Promise<RegistrationRequest> {
  const { database, passwords } = deps;
  const { username } = person;
  const fault = await judgeNewPassword(deps, person, password);
  const isUsernameTaken = Boolean(username && (await findUserByUsername(database, username)));
  if (fault) return { outcome: fault, isUsernameTaken };
  if (isUsernameTaken) return { outcome: 'username-taken' };
  await demandAllowance();
  const passwordHash = await passwords.hash(password);
  goOn();
  const waiting = {
    purpose: 'registration' as const,
    email: person.email,
    person: toPersonColumns(person),
    passwordHash,
    staySignedIn,
    nextPath: next ?? null,
    invitationId: invitation?.id ?? null,
  };
  await database.sequelize.transaction(async (transaction) => {
    const { id } = await createEmailLink(database, waiting, transaction);
    await enqueueMail(database, { kind: REGISTRATION_MAIL, details: { link: id } }, transaction);
  });
  return { outcome: 'requested' };
}
