import { MEMBERS_CONTENT_PATH } from '@latchkey/shared';
import { getBrowserSession } from '../http/browser-session.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import type { Door } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { listSections } from './members-sections.ts';

/** The file that has all sections, for who may not read all of them: it goes to nobody else as it is. */
export function createSectionsDoor(deps: ServerDeps): Door {
  return {
    matches: (path) => path === MEMBERS_CONTENT_PATH,
    async serve({ request, reply }) {
      const live = await getBrowserSession(deps, request, reply);
      if (!live) return false;
      const { items, isAll } = await listSections(deps.site, live.user.roles);
      if (isAll) return false;
      forbidStoring(reply);
      hideFromSearch(reply);
      reply.type('application/json; charset=utf-8').compress(JSON.stringify({ items }));
      return true;
    },
  };
}
