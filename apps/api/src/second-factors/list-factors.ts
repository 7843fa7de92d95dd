import type { Database } from '@latchkey/db';
import type { FactorStatus, SecondFactor } from '@latchkey/shared';
import { Op, type Transaction } from 'sequelize';
import { removeIdentities } from '../identities/oidc-identity.ts';
import { hasAuthenticator } from './authenticator.ts';
import { countPasskeys, listPasskeys, toPublicPasskey } from './passkey.ts';
import { countRecoveryCodes } from './recovery-codes.ts';

/** What a person can show beside the password; empty where nothing is asked for. */
export async function listSecondFactors(
  database: Database,
  userId: string,
): Promise<SecondFactor[]> {
  const factors: SecondFactor[] = [];
  if (await hasAuthenticator(database, userId)) factors.push('authenticator');
  if ((await countPasskeys(database, userId)) > 0) factors.push('passkey');
  if (factors.length === 0) return [];
  const codesLeft = await countRecoveryCodes(database, userId);
  return codesLeft > 0 ? [...factors, 'recovery-code'] : factors;
}

/** Whether anything is asked for beside the password. */
export async function hasSecondFactor(
  database: Database,
  userId: string,
  transaction: Transaction,
): Promise<boolean> {
  if (await hasAuthenticator(database, userId, transaction)) return true;
  return (await countPasskeys(database, userId, transaction)) > 0;
}

/** The factors of a person, without any secret. */
export async function describeFactors(database: Database, userId: string): Promise<FactorStatus> {
  return {
    authenticator: await hasAuthenticator(database, userId),
    passkeys: (await listPasskeys(database, userId)).map(toPublicPasskey),
    recoveryCodesLeft: await countRecoveryCodes(database, userId),
  };
}

/** Longer than from a factor's row to the notice that tells of it: one transaction writes both. */
const SLACK_MS = 60_000;

/**
 * Takes away what somebody may have added to an account who was in it since a notice. What its person had
 * before stays: a mailbox alone must not be a way round it.
 *
 * @param noticedAt when the first thing that the notice tells of was written
 */
export async function removeFactorsSince(
  database: Database,
  userId: string,
  noticedAt: Date,
  transaction: Transaction,
): Promise<void> {
  const since = { [Op.gte]: new Date(noticedAt.getTime() - SLACK_MS) };
  const isConfirmed = { userId, confirmedAt: since };
  const isNew = { userId, createdAt: since };
  await database.Authenticator.destroy({ where: isConfirmed, transaction });
  await database.Passkey.destroy({ where: isNew, transaction });
  await database.RecoveryCode.destroy({ where: isNew, transaction });
  await removeIdentities(database, isNew, transaction);
  await removeLeftovers(database, userId, transaction);
}

/** Takes every second factor of a person away, and returns how many rows that were. */
export async function removeFactors(
  database: Database,
  userId: string,
  transaction: Transaction,
): Promise<number> {
  const { Authenticator, Passkey, PasskeyChallenge, RecoveryCode } = database;
  const where = { userId };
  const authenticators = await Authenticator.destroy({ where, transaction });
  const passkeys = await Passkey.destroy({ where, transaction });
  const codes = await RecoveryCode.destroy({ where, transaction });
  await PasskeyChallenge.destroy({ where, transaction });
  await database.PendingLogin.destroy({ where, transaction });
  await database.RememberedBrowser.destroy({ where, transaction });
  return authenticators + passkeys + codes;
}

/** With the last factor go the recovery codes, which replace it, and what was remembered of it. */
export async function removeLeftovers(
  database: Database,
  userId: string,
  transaction: Transaction,
): Promise<void> {
  if (await hasSecondFactor(database, userId, transaction)) return;
  await removeFactors(database, userId, transaction);
}
