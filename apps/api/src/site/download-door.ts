import { basename } from 'node:path';
import { create as createDisposition } from 'content-disposition';
import { getBrowserSession } from '../http/browser-session.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import type { Door } from '../pages/door.ts';
import { sendFile } from '../pages/send-file.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findDownload, isDownloadPath } from './downloads.ts';
import { refuseVisitor } from './refuse-visitor.ts';

/** The files of the downloads' folder, for people who are signed in. */
export function createDownloadDoor(deps: ServerDeps): Door {
  const { downloadsFolder: folder } = deps;
  return {
    matches: isDownloadPath,
    async serve(asked) {
      const { request, reply, wanted } = asked;
      const name = await findDownload(folder, wanted.path);
      if (name === null) return false;
      hideFromSearch(reply);
      const live = await getBrowserSession(deps, request, reply);
      if (!live) {
        await refuseVisitor(deps, asked, 'asset');
        return true;
      }
      forbidStoring(reply);
      reply.header('content-disposition', createDisposition(basename(name)));
      await sendFile(reply, { folder, name });
      return true;
    },
  };
}
