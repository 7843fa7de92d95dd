import { basename } from 'node:path';
import { mayOpen } from '@latchkey/shared';
import { create as createDisposition } from 'content-disposition';
import { getBrowserSession } from '../http/browser-session.ts';
import { allowCaching, forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import type { Door } from '../pages/door.ts';
import { sendFile } from '../pages/send-file.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findDownload, isDownloadPath } from './downloads.ts';
import { refuseRole } from './refuse-role.ts';
import { refuseVisitor } from './refuse-visitor.ts';

/** The files of the downloads' folder, for people who are signed in where no rule says otherwise. */
export function createDownloadDoor(deps: ServerDeps): Door {
  const { downloadsFolder: folder } = deps;
  return {
    matches: isDownloadPath,
    async serve(asked) {
      const { request, reply, wanted } = asked;
      const name = await findDownload(folder, wanted.path);
      if (name === null) return false;
      const access = deps.access.findAccess(wanted.path);
      if (access !== 'public') {
        hideFromSearch(reply);
        const live = await getBrowserSession(deps, request, reply);
        if (!mayOpen(access, live?.user.roles ?? null)) {
          await (live
            ? refuseRole(deps, asked, { access, reader: live.user })
            : refuseVisitor(deps, asked, false));
          return true;
        }
      }
      if (access === 'public') allowCaching(reply);
      else forbidStoring(reply);
      reply.header('content-disposition', createDisposition(basename(name)));
      await sendFile(reply, { folder, name });
      return true;
    },
  };
}
