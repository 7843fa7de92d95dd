import {
  deletePersonInput,
  endSessionInput,
  personIdInput,
  type ActAnswer,
  type ResetLink,
} from '@latchkey/shared';
import { deletePerson, setDisabled } from '../acts/change-person.ts';
import { approve, refuse } from '../acts/decide-registration.ts';
import { endSessions } from '../acts/end-sessions.ts';
import { makeResetLink } from '../acts/make-reset-link.ts';
import { removeAllFactors } from '../acts/remove-all-factors.ts';
import { refuseOtherEmail } from '../auth/refuse-account.ts';
import { Refusal } from '../http/refusal.ts';
import { describeLink } from '../password-resets/reset-link.ts';
import { isEmailOf } from '../users/is-email-of.ts';
import { actProcedure, answerAct, demandPerson } from './act-procedure.ts';

const changeState = (isDisabled: boolean) =>
  actProcedure.input(personIdInput).mutation(async ({ ctx, input }): Promise<ActAnswer> => {
    const { changed } = await setDisabled(ctx.acts, input, isDisabled);
    const outcome = isDisabled ? 'disabled-by-operator' : 'enabled-by-operator';
    return answerAct(ctx, input.id, { changed, outcome });
  });

const endAll = actProcedure
  .input(personIdInput)
  .mutation(async ({ ctx, input: { id } }): Promise<ActAnswer> => {
    const changed = (await endSessions(ctx.acts, { userId: id })) > 0;
    return answerAct(ctx, id, { changed, outcome: 'signed-out-by-operator' });
  });

const endOne = actProcedure
  .input(endSessionInput)
  .mutation(async ({ ctx, input: { id, session } }): Promise<ActAnswer> => {
    const changed = (await endSessions(ctx.acts, { id: session, userId: id })) > 0;
    return answerAct(ctx, id, { changed, outcome: 'signed-out-by-operator' });
  });

const makeLink = actProcedure
  .input(personIdInput)
  .mutation(async ({ ctx, input }): Promise<ResetLink> => {
    const made = await makeResetLink(ctx.acts, input);
    await answerAct(ctx, input.id, { changed: made !== null, outcome: 'reset-link-made' });
    if (!made) throw new Refusal('CONFLICT', { reason: 'account-disabled' });
    return describeLink(ctx.deps.settings, made);
  });

const removeFactors = actProcedure
  .input(personIdInput)
  .mutation(async ({ ctx, input }): Promise<ActAnswer> => {
    const changed = (await removeAllFactors(ctx.acts, input)) !== null;
    return answerAct(ctx, input.id, { changed, outcome: 'factors-removed-by-operator' });
  });

const remove = actProcedure
  .input(deletePersonInput)
  .mutation(async ({ ctx, input: { id, email } }): Promise<ActAnswer> => {
    if (!isEmailOf(await demandPerson(ctx, id), email)) throw refuseOtherEmail();
    const changed = await deletePerson(ctx.acts, { id });
    return answerAct(ctx, id, { changed, outcome: 'deleted-by-operator' });
  });

const decide = (isApproved: boolean) =>
  actProcedure.input(personIdInput).mutation(async ({ ctx, input }): Promise<ActAnswer> => {
    const changed = await (isApproved ? approve : refuse)(ctx.acts, input);
    const outcome = isApproved ? 'approved-by-operator' : 'refused-by-operator';
    return answerAct(ctx, input.id, { changed, outcome });
  });

/** What an operator does with one person's account. `changed` is false where it was so already. */
export const personActs = {
  disable: changeState(true),
  enable: changeState(false),
  endSessions: endAll,
  endSession: endOne,
  makeResetLink: makeLink,
  removeFactors,
  deletePerson: remove,
  approve: decide(true),
  refuse: decide(false),
};
