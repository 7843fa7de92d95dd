import { personIdInput } from '@latchkey/shared';
import { setDisabled } from '../acts/change-person.ts';
import { openActs, provenProcedure, refuseOwnAccount, tellAct } from './proven-procedure.ts';

const changeState = (isDisabled: boolean) =>
  provenProcedure.input(personIdInput).mutation(async ({ ctx, input }) => {
    refuseOwnAccount(ctx, input.id);
    const { changed } = await setDisabled(openActs(ctx), input, isDisabled);
    if (changed) tellAct(ctx, isDisabled ? 'disabled-by-operator' : 'enabled-by-operator');
    return { changed };
  });

/** What an operator does with one person's account. `changed` is false where it was so already. */
export const personActs = { disable: changeState(true), enable: changeState(false) };
