import { collectFieldErrors } from '@latchkey/shared';
import { describeFailure, type Failure } from './trpc.ts';

type Schema<Input> = {
  safeParse(
    typed: unknown,
  ):
    | { success: true; data: Input }
    | { success: false; error: { issues: Parameters<typeof collectFieldErrors>[0] } };
};

const isFilled = (typed: unknown, name: string) =>
  Boolean((typed as Record<string, unknown>)[name]);

/** A form's check, then its call: what went wrong, or null. */
export type Attempt = (typed: unknown) => Promise<Failure | null>;

/** @param judgedByServer fields that only the server can find fault with: it is asked for all faults at once */
export function createAttempt<Input>(
  schema: Schema<Input>,
  send: (input: Input) => Promise<unknown>,
  judgedByServer: string[] = [],
): Attempt {
  return async (typed) => {
    const parsed = schema.safeParse(typed);
    if (parsed.success) return send(parsed.data).then(() => null, describeFailure);
    const fieldErrors = collectFieldErrors(parsed.error.issues);
    const local: Failure = { reason: 'invalid-input', fieldErrors };
    const isAsked = judgedByServer.some((name) => isFilled(typed, name) && !fieldErrors[name]);
    if (!isAsked) return local;
    // The server refuses it too, and adds what it alone can know.
    const whole = await send(typed as Input).then(() => null, describeFailure);
    return whole?.fieldErrors ? whole : local;
  };
}
