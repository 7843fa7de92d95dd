import { grantRoleInput, revokeRoleInput, type ActAnswer } from '@latchkey/shared';
import { grantRole, revokeRole } from '../acts/change-person.ts';
import { explainUnknownRole } from '../users/known-roles.ts';
import { actProcedure, answerAct } from './act-procedure.ts';

/** `isKnown` is false where nothing of this site is open to the role: it may be a slip of the pen. */
type GrantAnswer = ActAnswer & { isKnown: boolean };

const grant = actProcedure
  .input(grantRoleInput)
  .mutation(async ({ ctx, input: { id, ...given } }): Promise<GrantAnswer> => {
    const { changed } = await grantRole(ctx.acts, { id }, given);
    const answer = await answerAct(ctx, id, { changed, outcome: 'role-given' });
    return { ...answer, isKnown: explainUnknownRole(ctx.deps.settings, given.role) === null };
  });

const revoke = actProcedure
  .input(revokeRoleInput)
  .mutation(async ({ ctx, input: { id, ...taken } }): Promise<ActAnswer> => {
    const { changed } = await revokeRole(ctx.acts, { id }, taken);
    return answerAct(ctx, id, { changed, outcome: 'role-taken' });
  });

/** What an operator does with one person's roles. `changed` is false where it was so already. */
export const roleActs = { grantRole: grant, revokeRole: revoke };
