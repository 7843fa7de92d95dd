import {
  changePasswordInput,
  collectFieldErrors,
  messages,
  updateInput,
  type FieldErrors,
} from '@latchkey/shared';
import type { MemberContext } from '../auth/demand-proof.ts';
import { findUsernameFault } from '../auth/tell-all-faults.ts';
import { findNewPasswordFault } from '../passwords/password-rules.ts';
import { Refusal } from '../http/refusal.ts';
import { memberProcedure } from '../procedures/trpc.ts';

type Fields = Record<string, unknown>;

/** Refuses a malformed form with what else is wrong with it, which its schema cannot know. */
function tellAllFaults(
  schema: typeof updateInput | typeof changePasswordInput,
  findOthers: (ctx: MemberContext, typed: Fields) => FieldErrors | Promise<FieldErrors>,
) {
  return memberProcedure.use(async ({ ctx, getRawInput, next }) => {
    const typed = await getRawInput();
    const parsed = schema.safeParse(typed);
    if (parsed.success || typeof typed !== 'object' || typed === null) return next();
    const fieldErrors = {
      ...(await findOthers(ctx, typed as Fields)),
      ...collectFieldErrors(parsed.error.issues),
    };
    throw new Refusal('BAD_REQUEST', { reason: 'invalid-input', fieldErrors });
  });
}

/** A username that is taken is told beside a malformed name. */
export const profileProcedure = tellAllFaults(updateInput, (ctx, { username }) => {
  const own = ctx.live.user.username?.toLowerCase();
  const isOwn = typeof username === 'string' && username.trim().toLowerCase() === own;
  return isOwn ? {} : findUsernameFault(ctx, username);
});

/** A new password that is easy to guess is told beside a current one that is missing. */
export const passwordProcedure = tellAllFaults(changePasswordInput, ({ deps, live }, typed) => {
  const { data: password } = changePasswordInput.shape.newPassword.safeParse(typed['newPassword']);
  const fault = password && findNewPasswordFault(deps, live.user, password);
  return fault ? { newPassword: [messages[fault]] } : {};
});
