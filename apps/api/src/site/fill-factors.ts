import type { Database } from '@latchkey/db';
import { type FactorStatus, type PublicPasskey } from '@latchkey/shared';
import { findOwnSetup } from '../factors/set-up.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { describeFactors } from '../second-factors/list-factors.ts';
import { areRecoveryCodes } from '../second-factors/recovery-codes.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { countSessions } from '../sessions/list-sessions.ts';
import { showEmail } from '../users/show-email.ts';
import { showUse } from './show-use.ts';

/** The page of a person's second factors. */
export const factorsPath = '/dashboard/second-factor';
/** Shows new recovery codes, once. */
export const newCodesField = 'recoveryCodes';

const showPasskey = ({ id, name, ...times }: PublicPasskey): ListItem => ({
  id,
  name,
  ...showUse(times),
});

async function showFactors(
  deps: ServerDeps,
  live: LiveSession,
  { authenticator, passkeys, recoveryCodesLeft }: FactorStatus,
): Promise<ListItem> {
  const setup = authenticator ? null : await findOwnSetup(deps, live);
  return {
    on: String(authenticator),
    off: String(!authenticator && !setup && passkeys.length === 0),
    pending: String(setup !== null),
    keys: String(!authenticator && passkeys.length > 0),
    secret: setup?.secret ?? '',
    link: setup?.uri ?? '',
    left: String(recoveryCodesLeft),
  };
}

/** On how many other devices the person is signed in. */
async function showOtherDevices(database: Database, userId: string): Promise<ListItem> {
  const others = (await countSessions(database, userId)) - 1;
  const description = others === 1 ? 'one other device' : `${others} other devices`;
  return { others: String(others > 0), description };
}

/** New codes, a line each; none where somebody else is signed in by now, or they are over already. */
async function showCodes(database: Database, userId: string, text: string): Promise<string> {
  const codes = text.split(' ').filter(Boolean);
  const areOwn = codes.length > 0 && (await areRecoveryCodes(database, userId, codes));
  return areOwn ? codes.join('\n') : '';
}

/** What the page is completed with: the person's factors, and the codes that were just made. */
export async function fillFactors(
  deps: ServerDeps,
  live: LiveSession,
  { [newCodesField]: newCodes = '', ...typed }: Record<string, string> = {},
): Promise<PageFilling> {
  const { database } = deps;
  const { user } = live;
  const factors = await describeFactors(database, user.id);
  return {
    reader: user,
    slots: {
      'user-email': showEmail(user.email),
      'recovery-codes': await showCodes(database, user.id, newCodes),
    },
    typed,
    lists: {
      factors: [await showFactors(deps, live, factors)],
      otherDevices: [await showOtherDevices(database, user.id)],
      passkeys: factors.passkeys.map(showPasskey),
      passkeyNames: factors.passkeys.map(({ id, name }) => ({ id, name })),
    },
  };
}
