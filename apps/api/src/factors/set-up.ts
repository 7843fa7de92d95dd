import { SITE_NAME } from '@latchkey/shared';
import { renderSVG } from 'uqr';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findSetup, startAuthenticator, type Setup } from '../second-factors/authenticator.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { showEmail } from '../users/show-email.ts';

const labelOf = ({ user }: LiveSession) => ({ issuer: SITE_NAME, label: showEmail(user.email) });
const ownerOf = ({ user, session }: LiveSession) => ({ userId: user.id, sessionId: session.id });

/** The address of a secret as a picture that apps scan, with no script and no style in it. */
export const drawQrCode = ({ uri }: Setup): string => renderSVG(uri, { ecc: 'M', border: 4 });

/** Makes a secret that waits for its first code, or null where the person has an authenticator. */
export const startSetup = (deps: ServerDeps, live: LiveSession): Promise<Setup | null> =>
  startAuthenticator(deps, ownerOf(live), labelOf(live));

/** The secret that this session waits with for its first code, or null. */
export const findOwnSetup = (deps: ServerDeps, live: LiveSession): Promise<Setup | null> =>
  findSetup(deps, ownerOf(live), labelOf(live));
