/**
 * Links that let people register. The threats they are built against:
 * - a copy of the database, or of a backup: it holds hashes of codes, and none is brought back;
 * - logs, proxies and Referer: the code is in the address's fragment, which browsers never send;
 * - programs that open every link: only an account that is made counts as a use;
 * - a link that is passed on: it has as many uses as the operator gave it, and may serve one address alone.
 */
import {
  deleteInSlices,
  type Database,
  type Invitation,
  type SliceOptions,
  type User,
} from '@latchkey/db';
import { literal, Op, type Transaction } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export type NewInvitation = {
  /** In the form that accounts have; null for any. */
  email: string | null;
  role: string | null;
  maxUses: number;
  expiresAt: Date;
};

/** What keeps an invitation from being used. Nothing of it tells who has an account. */
export type InvitationFault =
  'invitation-not-valid' | 'invitation-used' | 'invitation-over' | 'invitation-for-other-email';

const DAY_MS = 24 * 3_600_000;
const DEFAULT_LIFETIME_MS = 30 * DAY_MS;
/** So long the list shows what became of it. */
const KEPT_MS = 30 * DAY_MS;

/** When an invitation ends that is made now, where nothing else is said. */
export const nextInvitationEnd = (): Date => new Date(Date.now() + DEFAULT_LIFETIME_MS);

/** Makes an invitation; its code is known this once. */
export async function createInvitation(
  { Invitation }: Database,
  { maxUses, ...invitation }: NewInvitation,
  transaction: Transaction,
): Promise<{ code: string; invitation: Invitation }> {
  const code = generateToken();
  const values = { ...invitation, maxUses, usesLeft: maxUses, codeHash: hashToken(code) };
  return { code, invitation: await Invitation.create(values, { transaction }) };
}

/** The invitation that has this code, or null. */
export function findInvitation({ Invitation }: Database, code: string): Promise<Invitation | null> {
  return Invitation.findOne({ where: { codeHash: hashToken(code) } });
}

/** Why an invitation serves this address not, or null where it does. */
export function judgeInvitation(
  invitation: Invitation | null,
  email: string,
): InvitationFault | null {
  if (!invitation || invitation.revokedAt) return 'invitation-not-valid';
  const { email: invited } = invitation;
  if (invited !== null && invited.toLowerCase() !== email.toLowerCase()) {
    return 'invitation-for-other-email';
  }
  if (invitation.usesLeft === 0) return 'invitation-used';
  return invitation.expiresAt > new Date() ? null : 'invitation-over';
}

/** An invitation that cannot be used any more. Thrown, it takes the account back that was made with it. */
export class SpentInvitationError extends Error {
  readonly fault: InvitationFault;

  constructor(fault: InvitationFault) {
    super('The invitation cannot be used any more.');
    this.fault = fault;
  }
}

/**
 * Counts one use, for an account that is made in the same transaction, and gives it the role. Of two that
 * want the last use one has it.
 *
 * @throws {SpentInvitationError} so that the account is not made
 */
export async function takeInvitation(
  { Invitation }: Database,
  id: string,
  user: User,
  transaction: Transaction,
): Promise<void> {
  const expiresAt = { [Op.gt]: new Date() };
  const where = { id, usesLeft: { [Op.gt]: 0 }, revokedAt: null, expiresAt };
  const [taken] = await Invitation.update(
    { usesLeft: literal('uses_left - 1') },
    { where, transaction },
  );
  const invitation = await Invitation.findByPk(id, { transaction });
  if (taken === 0 || !invitation) {
    throw new SpentInvitationError(judgeInvitation(invitation, user.email) ?? 'invitation-used');
  }
  // Whoever deletes the account deletes their address here too.
  if (invitation.email !== null) await invitation.update({ userId: user.id }, { transaction });
}

/** Ends an invitation. False where there is none, or it was revoked before. */
export async function revokeInvitation(
  { Invitation }: Database,
  id: string,
  transaction: Transaction,
): Promise<boolean> {
  const where = { id, revokedAt: null };
  const [revoked] = await Invitation.update({ revokedAt: new Date() }, { where, transaction });
  return revoked > 0;
}

/** Deletes invitations that ended a month ago, and returns how many there were. */
export function purgeOldInvitations(
  { Invitation }: Database,
  slices?: SliceOptions,
): Promise<number> {
  const expiresAt = { [Op.lte]: new Date(Date.now() - KEPT_MS) };
  return deleteInSlices(Invitation, { expiresAt }, slices);
}
