import { randomBytes } from 'node:crypto';
import type { Database } from '@latchkey/db';
import { cleanCode } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { hashToken } from '../tokens/secret-token.ts';

const COUNT = 10;
/** 120 random bits, so that a fast hash is enough (ASVS 6.5.2). */
const CODE_BYTES = 15;
const GROUP_LENGTH = 4;
/** RFC 4648's letters: no 0, 1 or 8, which are taken for others. */
const letters = 'abcdefghijklmnopqrstuvwxyz234567';

function makeCode(): string {
  const bits = [...randomBytes(CODE_BYTES)].map((byte) => byte.toString(2).padStart(8, '0'));
  const fives = bits.join('').match(/.{5}/g) ?? [];
  const text = fives.map((five) => letters[Number.parseInt(five, 2)]).join('');
  return (text.match(new RegExp(`.{${GROUP_LENGTH}}`, 'g')) ?? []).join('-');
}

const hashCode = (code: string) => hashToken(`recovery ${cleanCode(code)}`);

/** Makes ten new codes for a person and returns them, the only time that they are known. Former ones end. */
export async function renewRecoveryCodes(
  { RecoveryCode }: Database,
  userId: string,
  transaction: Transaction,
): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, makeCode);
  await RecoveryCode.destroy({ where: { userId }, transaction });
  const rows = codes.map((code) => ({ userId, codeHash: hashCode(code) }));
  await RecoveryCode.bulkCreate(rows, { transaction });
  return codes;
}

/** Whether a text is one of the person's recovery codes. It is used up. */
export async function takeRecoveryCode(
  { RecoveryCode }: Database,
  userId: string,
  code: string,
  transaction: Transaction,
): Promise<boolean> {
  const where = { userId, codeHash: hashCode(code) };
  return (await RecoveryCode.destroy({ where, transaction })) > 0;
}

/** Whether all of these are recovery codes of the person that were not used yet. */
export async function areRecoveryCodes(
  { RecoveryCode }: Database,
  userId: string,
  codes: string[],
): Promise<boolean> {
  const codeHash = codes.map(hashCode);
  return (await RecoveryCode.count({ where: { userId, codeHash } })) === codes.length;
}

export function countRecoveryCodes(
  { RecoveryCode }: Database,
  userId: string,
  transaction?: Transaction,
): Promise<number> {
  return RecoveryCode.count({ where: { userId }, ...(transaction && { transaction }) });
}
