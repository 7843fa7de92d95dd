import { confirmation, listPeopleInput, readPersonInput } from '@latchkey/shared';
import { logSecurityEvent } from '../activity/security-log.ts';
import { demandFullProof } from '../auth/demand-proof.ts';
import { notFound } from '../http/refusal.ts';
import { createRouter, operatorProcedure } from '../procedures/trpc.ts';
import { findDetails } from './describe-person.ts';
import { findPeople } from './find-people.ts';
import { invitationProcedures } from './invitations.ts';
import { logProcedures } from './log.ts';
import { mailProcedures } from './mails.ts';
import { personActs } from './person-acts.ts';
import { roleActs } from './role-acts.ts';
import { provenProcedure } from './proven-procedure.ts';
import { siteState } from './site-state.ts';

/** Shows who is here, once for all that is asked for in the next five minutes. */
const prove = operatorProcedure.input(confirmation).mutation(async ({ ctx, input }) => {
  await demandFullProof(ctx, input);
  return {};
});

const people = provenProcedure
  .input(listPeopleInput)
  .query(({ ctx, input }) => findPeople(ctx.deps.database, input));

const person = provenProcedure.input(readPersonInput).query(async ({ ctx, input }) => {
  const found = await findDetails(ctx.deps.database, input);
  if (!found) throw notFound;
  logSecurityEvent(ctx, 'sensitive_read', { userId: ctx.live.user.id, outcome: 'person' });
  return found;
});

export const operatorRouter = createRouter({
  ...{ prove, people, person },
  ...personActs,
  ...roleActs,
  ...siteState,
  ...invitationProcedures,
  ...logProcedures,
  ...mailProcedures,
});
