import { mayOpen, SEARCH_LIST_PATH, type SearchList } from '@latchkey/shared';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import type { Door } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';

/** Each index has one such file, whose name changes with what is in the index. */
const indexFile = /^(\/_search\/.+\/)pagefind\.(\w+)\.pf_meta$/;

/** What everybody may have comes first: the page of the search begins with it. */
const order = ({ folder }: { folder: string }) => (folder === '/_search/public/' ? 0 : 1);

/** The indexes of the site that open to somebody with these roles, or to a visitor. */
function listIndexes(
  { site, access }: Pick<ServerDeps, 'site' | 'access'>,
  roles: readonly string[] | null,
): SearchList {
  const paths = (site.listPaths() ?? []).filter((path) => path.endsWith('.pf_meta'));
  const indexes = paths.flatMap((path) => {
    const [, folder, version] = indexFile.exec(path) ?? [];
    const isOpen = mayOpen(access.findAccess(path), roles);
    return folder !== undefined && version !== undefined && isOpen ? { folder, version } : [];
  });
  return { indexes: indexes.toSorted((one, other) => order(one) - order(other)) };
}

/**
 * Says which indexes the page of the search may merge for who asks. It opens nothing: the gate decides
 * again about each file. Without the database it is a visitor who asks.
 */
export function createSearchDoor(deps: ServerDeps): Door {
  return {
    matches: (path) => path === SEARCH_LIST_PATH && deps.settings.siteDir === undefined,
    async serve({ request, reply }) {
      const live = await getBrowserSession(deps, request, reply).catch((fault: unknown) => {
        logFault(request, toTrpcError(fault));
        return null;
      });
      forbidStoring(reply);
      hideFromSearch(reply);
      await reply.send(listIndexes(deps, live?.user.roles ?? null));
      return true;
    },
  };
}
