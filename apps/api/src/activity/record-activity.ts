import type { Database } from '@latchkey/db';
import type { ActivityEvent } from '@latchkey/shared';
import { ForeignKeyConstraintError } from 'sequelize';
import type { Log } from '../process/log.ts';
import { describeClient, type ClientRequest } from '../sessions/session.ts';

type Actor = { deps: { database: Database }; request: ClientRequest };
/** `background` is work that the end of the server waits for. */
type BackgroundDeps = { background: Set<Promise<void>>; log: Log };

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
  actor: Actor & { deps: BackgroundDeps },
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
