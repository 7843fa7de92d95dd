import { collectFieldErrors, messages, registerInput, type FieldErrors } from '@latchkey/shared';
import type { Context } from '../procedures/context.ts';
import { findNewPasswordFault } from '../passwords/password-rules.ts';
import { Refusal } from '../http/refusal.ts';
import { publicProcedure } from '../procedures/trpc.ts';
import { findUserByUsername } from '../users/find-user.ts';

const { shape } = registerInput;

/** Whether a username is taken; after too many questions the form is answered without. */
export async function findUsernameFault(
  { deps: { database, usernameLimits }, request }: Context,
  typed: unknown,
): Promise<FieldErrors> {
  const { data: username } = shape.username.safeParse(typed);
  if (!username) return {};
  if (!(await usernameLimits.begin(request.ip)).isAllowed) return {};
  const isTaken = await findUserByUsername(database, username);
  return isTaken ? { username: [messages['username-taken']] } : {};
}

function findPasswordFault({ deps }: Context, typed: Record<string, unknown>): FieldErrors {
  const { data: password } = shape.password.safeParse(typed['password']);
  if (password === undefined) return {};
  const person = {
    name: shape.name.safeParse(typed['name']).data ?? '',
    email: shape.email.safeParse(typed['email']).data ?? '',
    username: shape.username.safeParse(typed['username']).data,
  };
  const fault = findNewPasswordFault(deps, person, password);
  return fault ? { password: [messages[fault]] } : {};
}

/**
 * Refuses a registration with a malformed field at once for all that is wrong: a taken username and a
 * password that is too common are told beside it. Whether the email is taken is told only to a form
 * without a fault, which makes an account when it is not.
 */
export const tellAllFaults = publicProcedure.use(async ({ ctx, getRawInput, next }) => {
  const typed = await getRawInput();
  const parsed = registerInput.safeParse(typed);
  const isForm = typeof typed === 'object' && typed !== null;
  if (parsed.success || !isForm || ctx.deps.settings.registration === 'closed') return next();
  const fields = typed as Record<string, unknown>;
  const fieldErrors = {
    ...collectFieldErrors(parsed.error.issues),
    ...findPasswordFault(ctx, fields),
    ...(await findUsernameFault(ctx, fields['username'])),
  };
  throw new Refusal('BAD_REQUEST', { reason: 'invalid-input', fieldErrors });
});
