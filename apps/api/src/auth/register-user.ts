import { isUniqueViolation, type Database, type Invitation, type User } from '@latchkey/db';
import { toPersonColumns, type RegisterInput } from '@latchkey/shared';
import { judgeNewPassword, type PasswordFault } from '../passwords/password-rules.ts';
import { SpentInvitationError, type InvitationFault } from '../invitations/invitation.ts';
import { makeAccount } from '../approvals/make-account.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findUserByEmail, findUserByUsername } from '../users/find-user.ts';

export type Registration =
  | { outcome: 'registered'; user: User }
  | { outcome: 'email-taken' }
  | { outcome: 'username-taken' }
  | { outcome: 'invitation-spent'; fault: InvitationFault }
  | { outcome: PasswordFault; isUsernameTaken: boolean };

/**
 * Makes an account, or says why not. The database's own constraints decide between two at once.
 *
 * @param steps.invitation what the person came with; its use is counted with the account
 * @param steps.goOn throws where nothing may be changed any more
 */
export async function registerUser(
  deps: ServerDeps,
  { password, staySignedIn: _stay, next: _next, invitation: _code, ...person }: RegisterInput,
  { invitation, goOn }: { invitation: Invitation | null; goOn: () => void },
): Promise<Registration> {
  const { database, passwords } = deps;
  const { email, username } = person;
  // Before it is known whether the email is taken: the answer takes as long for both.
  const fault = await judgeNewPassword(deps, person, password);
  if (fault) {
    const isUsernameTaken = Boolean(username && (await findUserByUsername(database, username)));
    return { outcome: fault, isUsernameTaken };
  }
  const taken = await findTaken(database, { email, username });
  if (taken) return taken;
  const passwordHash = await passwords.hash(password);
  goOn();
  try {
    const account = { person: { ...toPersonColumns(person), passwordHash }, invitation };
    const user = await database.sequelize.transaction((transaction) =>
      makeAccount(deps, account, transaction),
    );
    return { outcome: 'registered', user };
  } catch (error) {
    if (error instanceof SpentInvitationError) {
      return { outcome: 'invitation-spent', fault: error.fault };
    }
    const isTaken =
      isUniqueViolation(error, 'uq_users_email') || isUniqueViolation(error, 'uq_users_username');
    // The database names one of the two: who clicked twice must hear of the email, which leads to the log-in.
    const nowTaken = isTaken ? await findTaken(database, { email, username }) : null;
    if (nowTaken) return nowTaken;
    throw error;
  }
}

async function findTaken(
  database: Database,
  { email, username }: Pick<RegisterInput, 'email' | 'username'>,
): Promise<Registration | null> {
  // The email last: who clicked twice must hear of it, also where the first click is done in between.
  const withUsername = username ? await findUserByUsername(database, username) : null;
  if (await findUserByEmail(database, email)) return { outcome: 'email-taken' };
  return withUsername && { outcome: 'username-taken' };
}
