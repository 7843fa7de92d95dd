import type { Database } from '@latchkey/db';
import type { FactorStatus, SecondFactor } from '@latchkey/shared';
import { Op, type Transaction } from 'sequelize';
import { hasAuthenticator } from './authenticator.ts';
import { countRecoveryCodes } from './recovery-codes.ts';

/** What a person can show beside the password; empty where nothing is asked for. */
export async function listSecondFactors(
  database: Database,
  userId: string,
): Promise<SecondFactor[]> {
  if (!(await hasAuthenticator(database, userId))) return [];
  const codesLeft = await countRecoveryCodes(database, userId);
  return codesLeft > 0 ? ['authenticator', 'recovery-code'] : ['authenticator'];
}

/** The factors of a person, without any secret. */
export async function describeFactors(database: Database, userId: string): Promise<FactorStatus> {
  return {
    authenticator: await hasAuthenticator(database, userId),
    passkeys: [],
    recoveryCodesLeft: await countRecoveryCodes(database, userId),
  };
}

/**
 * Takes away what somebody may have added to an account who was in it since then. What its person had
 * before stays: a mailbox alone must not be a way round it.
 */
export async function removeFactorsSince(
  database: Database,
  userId: string,
  since: Date,
  transaction: Transaction,
): Promise<void> {
  const isAdded = { userId, confirmedAt: { [Op.gte]: since } };
  const isNew = { userId, createdAt: { [Op.gte]: since } };
  const added = await database.Authenticator.destroy({ where: isAdded, transaction });
  if (added > 0) await removeFactors(database, userId, transaction);
  else await database.RecoveryCode.destroy({ where: isNew, transaction });
}

/** Takes every second factor of a person away, and returns how many rows that were. */
export async function removeFactors(
  { Authenticator, RecoveryCode, PendingLogin, RememberedBrowser }: Database,
  userId: string,
  transaction: Transaction,
): Promise<number> {
  const where = { userId };
  const authenticators = await Authenticator.destroy({ where, transaction });
  const codes = await RecoveryCode.destroy({ where, transaction });
  await PendingLogin.destroy({ where, transaction });
  await RememberedBrowser.destroy({ where, transaction });
  return authenticators + codes;
}
