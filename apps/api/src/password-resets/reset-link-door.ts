import { findLinkCode, type MessageId } from '@latchkey/shared';
import { forbidStoring } from '../http/privacy-headers.ts';
import type { RequestPath } from '../http/request-path.ts';
import type { Door } from '../pages/door.ts';

const misspelt = /^(\/reset-password|\/secure-account|\/confirm-email|\/undo-email)[^\w-]./is;
const namesCode = /\b(token|code)\b/i;

/**
 * The right address of a link whose code arrived in the path, as where a program wrote %23 for the #;
 * null for every other address.
 *
 * @see docs/decisions/0033-links-with-something-around-them.md
 */
function mendLink({ path, search }: RequestPath): string | null {
  const [, page] = misspelt.exec(path) ?? [];
  if (page === undefined) return null;
  const code = findLinkCode(path.slice(page.length) + search);
  if (code !== null) return `${page.toLowerCase()}#token=${code}`;
  const isBroken = namesCode.test(path + search);
  return isBroken ? `${page.toLowerCase()}#${'broken-reset-link' satisfies MessageId}` : null;
}

/** Leads from such an address to the right one. */
export const resetLinkDoor: Door = {
  matches: (path) => misspelt.test(path),
  async serve({ reply, wanted }) {
    const address = mendLink(wanted);
    if (address === null) return false;
    forbidStoring(reply);
    await reply.header('referrer-policy', 'no-referrer').redirect(address, 302);
    return true;
  },
};
