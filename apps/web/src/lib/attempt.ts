import { collectFieldErrors } from '@latchkey/shared';
import { describeFailure, type Failure } from './trpc.ts';

type Schema<Input> = {
  safeParse(
    typed: unknown,
  ):
    | { success: true; data: Input }
    | { success: false; error: { issues: Parameters<typeof collectFieldErrors>[0] } };
};

/** A form's check, then its call: what went wrong, or null. */
export type Attempt = (typed: unknown) => Promise<Failure | null>;

export function createAttempt<Input>(
  schema: Schema<Input>,
  send: (input: Input) => Promise<unknown>,
): Attempt {
  return async (typed) => {
    const parsed = schema.safeParse(typed);
    if (parsed.success) return send(parsed.data).then(() => null, describeFailure);
    return { reason: 'invalid-input', fieldErrors: collectFieldErrors(parsed.error.issues) };
  };
}
