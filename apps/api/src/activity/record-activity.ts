import type { ActivityEvent } from '@latchkey/shared';
import { ForeignKeyConstraintError } from 'sequelize';
import type { Context } from '../procedures/context.ts';
import { describeClient } from '../sessions/session.ts';

type Actor = Pick<Context, 'deps' | 'request'>;

/** Writes one line of a person's own security log, unless they were deleted meanwhile, and it with them. */
export async function recordActivity(
  { deps, request }: Actor,
  userId: string,
  event: ActivityEvent,
): Promise<void> {
  try {
    await deps.database.Activity.create({ userId, event, ...describeClient(request) });
  } catch (error) {
    if (!(error instanceof ForeignKeyConstraintError)) throw error;
  }
}

/**
 * The same without waiting for it: the answer to a stranger must not take longer because there is
 * such an account. The server waits for it before it closes.
 */
export function recordActivityInBackground(
  actor: Actor,
  userId: string,
  event: ActivityEvent,
): void {
  const { background, log } = actor.deps;
  const writing = recordActivity(actor, userId, event)
    .catch((error: unknown) => {
      log.error({ err: error }, 'A line of a security log could not be written.');
    })
    .finally(() => background.delete(writing));
  background.add(writing);
}
