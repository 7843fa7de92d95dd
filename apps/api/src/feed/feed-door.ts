import { isUnavailable } from '@latchkey/db';
import type { FastifyRequest } from 'fastify';
import type { Door } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findFeedOwner, noteFeedUse, readFeedToken } from './feed-address.ts';
import { sendOwnFeed } from './serve-feed.ts';

/** A feed is sent, also where it cannot be noted that it was. */
const goOnSending = (request: FastifyRequest) => (fault: unknown) => {
  if (!isUnavailable(fault)) throw fault;
  request.log.warn({ err: fault }, 'The use of a feed could not be noted.');
};

/** A person's own feed: its address is all the proof there is. One that opens nothing does not exist. */
export function createFeedDoor(deps: ServerDeps): Door {
  return {
    matches: (path) => readFeedToken(path) !== null,
    async serve({ request, reply, wanted }) {
      const token = readFeedToken(wanted.path);
      const owner = token === null ? null : await findFeedOwner(deps.database, token);
      if (token === null || !owner) return false;
      if (request.method === 'GET')
        await noteFeedUse(deps.database, token).catch(goOnSending(request));
      await sendOwnFeed(reply, deps, owner);
      return true;
    },
  };
}
