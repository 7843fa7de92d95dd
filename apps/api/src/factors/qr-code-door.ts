import { getBrowserSession } from '../http/browser-session.ts';
import { forbidStoring, hideFromSearch } from '../http/privacy-headers.ts';
import type { Door } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { drawQrCode, findOwnSetup } from './set-up.ts';

/** The picture of the dashboard for who has no script: of the secret that waits in this session. */
const qrCodePath = '/dashboard/authenticator.svg';

export function createQrCodeDoor(deps: ServerDeps): Door {
  return {
    matches: (path) => path === qrCodePath,
    async serve({ request, reply }) {
      const live = await getBrowserSession(deps, request, reply);
      const setup = live && (await findOwnSetup(deps, live));
      if (!setup) return false;
      forbidStoring(reply);
      hideFromSearch(reply);
      await reply.type('image/svg+xml').send(drawQrCode(setup));
      return true;
    },
  };
}
