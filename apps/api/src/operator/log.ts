import { listLogInput, type LogPage } from '@latchkey/shared';
import { logSecurityEvent } from '../activity/security-log.ts';
import { Refusal } from '../http/refusal.ts';
import { findTypedPerson } from '../users/find-user.ts';
import { findLogRows } from './find-log-rows.ts';
import { provenProcedure } from './proven-procedure.ts';

const unknownPerson = () =>
  new Refusal('BAD_REQUEST', {
    reason: 'invalid-input',
    fieldErrors: { person: ['No account has this email, username or id.'] },
  });

const log = provenProcedure.input(listLogInput).query(async ({ ctx, input }): Promise<LogPage> => {
  const { database } = ctx.deps;
  const { person: typed, ...wanted } = input;
  const person = typed === undefined ? undefined : await findTypedPerson(database, typed);
  if (person === null) throw unknownPerson();
  const page = await findLogRows(database, { ...wanted, userId: person?.id });
  logSecurityEvent(ctx, 'sensitive_read', { userId: ctx.live.user.id, outcome: 'security-log' });
  return page;
});

/** The security log, as operators read it. */
export const logProcedures = { log };
