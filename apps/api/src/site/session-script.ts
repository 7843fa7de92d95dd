import { nameCookie, SIGN_IN_HINT_COOKIE } from '@latchkey/shared';
import type { FastifyInstance } from 'fastify';
import { allowCaching } from '../http/privacy-headers.ts';
import { createLastingText, sendText } from '../pages/send-text.ts';
import type { Settings } from '../settings/settings.ts';

const scriptPath = '/_latchkey/session.js';

/** With `HINT` in the place of the hint's name. It asks the server only where a page needs to know more. */
const source = `(() => {
  const show = (isIn, user) => {
    document.documentElement.dataset.session = isIn ? 'in' : 'out';
    for (const part of document.querySelectorAll('[data-when]')) {
      const words = part.dataset.when.split(/\\s+/);
      const roles = words.filter((word) => word.startsWith('role:')).map((word) => word.slice(5));
      const has = roles.some((role) => user && user.roles.includes(role));
      const isMeant = roles.length === 0 || words.includes('signed-in') || has;
      part.hidden = words.includes(isIn ? 'signed-out' : 'signed-in') || !isMeant;
    }
    if (!user) return;
    for (const part of document.querySelectorAll('[data-slot="user-name"]')) part.textContent = user.name;
  };
  const start = async () => {
    const isIn = document.cookie.split('; ').some((one) => one.startsWith('HINT='));
    show(isIn, null);
    if (!isIn || !document.querySelector('[data-slot="user-name"], [data-when*="role:"]')) return;
    const answer = await fetch('/trpc/auth.session').catch(() => null);
    if (!answer || !answer.ok) return;
    const { result } = await answer.json();
    show(result.data !== null, result.data && result.data.user);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
`;

/**
 * A script for pages that were built elsewhere: it shows and hides what has `data-when`, and writes the
 * name, also on a page that a cache has kept for everybody.
 */
export function addSessionScript(server: FastifyInstance, settings: Settings): void {
  server.get(scriptPath, async (_request, reply) => {
    const hint = nameCookie(SIGN_IN_HINT_COOKIE, new URL(settings.publicOrigin));
    allowCaching(reply);
    const lasting = createLastingText(source.replace('HINT', hint));
    return sendText(reply, 'text/javascript; charset=utf-8', lasting);
  });
}
