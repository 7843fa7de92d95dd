/**
 * Authenticator apps (TOTP, RFC 6238): SHA-1, six digits, 30 seconds, which is what all apps take. A code
 * counts in its own step and in the one before and after, and once.
 */
import type { Database, User } from '@latchkey/db';
import { Secret, TOTP } from 'otpauth';
import { Op, type Transaction } from 'sequelize';
import type { FactorKeys } from './factor-keys.ts';
import { holdPerson } from './hold-person.ts';

const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** How long a secret may wait for its first code. */
const SETUP_MINUTES = 15;

type Parts = { database: Database; factorKeys: FactorKeys };

const makeTotp = (secret: Secret) => new TOTP({ secret, digits: 6, period: PERIOD_SECONDS });

/** What an app calls the account. */
type Label = { issuer: string; label: string };

export type Setup = { secret: string; uri: string };

function describeSetup(secret: Secret, { issuer, label }: Label): Setup {
  const uri = new TOTP({ secret, issuer, label, digits: 6, period: PERIOD_SECONDS }).toString();
  return { secret: secret.base32, uri };
}

/** Whether an authenticator's codes are asked for. */
export async function hasAuthenticator(
  { Authenticator }: Database,
  userId: string,
  transaction?: Transaction,
): Promise<boolean> {
  const where = { userId, confirmedAt: { [Op.ne]: null } };
  return (await Authenticator.count({ where, ...(transaction && { transaction }) })) > 0;
}

/**
 * Makes a secret that waits for its first code; one that waited before is gone. Null where the person
 * has an authenticator already.
 *
 * @param sessionId which session may see it until then
 */
export async function startAuthenticator(
  { database, factorKeys }: Parts,
  { userId, sessionId }: { userId: string; sessionId: string },
  label: Label,
): Promise<Setup | null> {
  const secret = new Secret({ size: SECRET_BYTES });
  const encrypted = factorKeys.encrypt(secret.base32, userId);
  return database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, userId, transaction);
    const { Authenticator } = database;
    await Authenticator.destroy({ where: { userId, confirmedAt: null }, transaction });
    if ((await Authenticator.count({ where: { userId }, transaction })) > 0) return null;
    const row = { userId, secret: encrypted, startedIn: sessionId };
    await Authenticator.create(row, { transaction });
    return describeSetup(secret, label);
  });
}

/** The secret that waits for its first code in this session, or null. */
export async function findSetup(
  { database, factorKeys }: Parts,
  { userId, sessionId }: { userId: string; sessionId: string },
  label: Label,
): Promise<Setup | null> {
  const where = { userId, startedIn: sessionId, ...isWaiting() };
  const row = await database.Authenticator.findOne({ where });
  if (!row || !factorKeys.has(row.secret)) return null;
  return describeSetup(Secret.fromBase32(factorKeys.decrypt(row.secret, userId)), label);
}

const isWaiting = () => ({
  confirmedAt: null,
  createdAt: { [Op.gt]: new Date(Date.now() - SETUP_MINUTES * 60_000) },
});

/**
 * Takes the first code of the secret that waits, from whichever session: from now on codes are asked
 * for. False where the code is wrong, or none waits any more.
 */
export async function confirmAuthenticator(
  { database, factorKeys }: Parts,
  userId: string,
  code: string,
  transaction: Transaction,
): Promise<boolean> {
  await holdPerson(database, userId, transaction);
  const where = { userId, ...isWaiting() };
  const row = await database.Authenticator.findOne({ where, transaction });
  const step = row && findStep(factorKeys.decrypt(row.secret, userId), code);
  if (row === null || step === null) return false;
  await row.update({ confirmedAt: new Date(), lastStep: step }, { transaction });
  return true;
}

/** Whether a code is of the person's authenticator, and of a later step than the last. It is used up. */
export async function takeCode(
  { database, factorKeys }: Parts,
  { id: userId }: Pick<User, 'id'>,
  code: string,
): Promise<boolean> {
  const { Authenticator } = database;
  const row = await Authenticator.findOne({ where: { userId, confirmedAt: { [Op.ne]: null } } });
  const step = row && findStep(factorKeys.decrypt(row.secret, userId), code);
  if (row === null || step === null) return false;
  // Of two at once with one code, one finds the step still to be taken.
  const isLater = { [Op.or]: [null, { [Op.lt]: step }] };
  const { secret } = row;
  const [count] = await Authenticator.update(
    { lastStep: step },
    { where: { userId, secret, lastStep: isLater } },
  );
  return count > 0;
}

/** The time step that a code is of, or null where it is of none near now. */
function findStep(secret: string, code: string): number | null {
  const totp = makeTotp(Secret.fromBase32(secret));
  const timestamp = Date.now();
  const delta = totp.validate({ token: code, timestamp, window: 1 });
  return delta === null ? null : totp.counter({ timestamp }) + delta;
}
