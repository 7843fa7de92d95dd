import type { Database } from '@latchkey/db';
import { Op } from 'sequelize';
import { findOperators } from '../approvals/find-operators.ts';
import { OPERATOR_ROLE } from '../users/operator-role.ts';
import type { Settings } from '../settings/settings.ts';
import { ok, warning, type Finding } from './finding.ts';
import { count } from '../text/count-noun.ts';

/** Whether anybody hears of registrations that wait for approval. */
export async function examineApprovals(
  { registration, mailPlace }: Settings,
  database: Database,
): Promise<Finding[]> {
  const waiting = await database.User.count({ where: { waitingSince: { [Op.ne]: null } } });
  if (registration !== 'approval' && waiting === 0) return [];
  const detail = `${count(waiting, 'registration')} waiting`;
  const look = 'Look yourself: /operator?show=waiting, or npm run admin -- user list --waiting';
  if (registration !== 'approval') return [warning('approval', detail, look)];
  if (!mailPlace && waiting === 0) return [ok('approval', `${detail}; no mail would tell of one`)];
  if (!mailPlace) return [warning('approval', `${detail}, and no mail tells of them`, look)];
  const operators = await findOperators(database);
  if (operators.length > 0) {
    return [ok('approval', `${detail}; ${count(operators.length, 'operator')} told by mail`)];
  }
  const advice = `Give somebody the role: npm run admin -- user grant USER ${OPERATOR_ROLE}`;
  return [warning('approval', `${detail}, and nobody is told: there is no operator`, advice)];
}
