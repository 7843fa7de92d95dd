import type { User } from '@latchkey/db';
import { personIdInput, type ActAnswer } from '@latchkey/shared';
import type { MemberContext } from '../auth/demand-proof.ts';
import { notFound } from '../http/refusal.ts';
import { openActs, provenProcedure, refuseOwnAccount, tellAct } from './proven-procedure.ts';

/** For what an operator does with somebody else's account: `ctx.acts` is where they act. */
export const actProcedure = provenProcedure.input(personIdInput).use(({ ctx, input, next }) => {
  refuseOwnAccount(ctx, input.id);
  return next({ ctx: { acts: openActs(ctx) } });
});

/** The person of an act. Throws where they have been deleted meanwhile. */
export async function demandPerson({ deps }: MemberContext, id: string): Promise<User> {
  const person = await deps.database.User.findByPk(id);
  if (!person) throw notFound;
  return person;
}

/** Tells of an act that was done; what has changed nothing may have been for somebody who is gone. */
export async function answerAct(
  ctx: MemberContext,
  id: string,
  { changed, outcome }: ActAnswer & { outcome: string },
): Promise<ActAnswer> {
  if (changed) tellAct(ctx, outcome);
  else await demandPerson(ctx, id);
  return { changed };
}
