import { dashboardPath } from './fill-dashboard.ts';
import { linkLogin } from './link-login.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import type { FastifyInstance } from 'fastify';

/** Where password managers send people who are to change their password. */
const wellKnownPath = '/.well-known/change-password';
const passwordSection = `${dashboardPath}#password`;

/**
 * Leads from the address that password managers know to the form, through the log-in where it is
 * needed.
 *
 * @see https://w3c.github.io/webappsec-change-password-url/
 */
export function addChangePassword(server: FastifyInstance, deps: ServerDeps): void {
  server.get(wellKnownPath, async (request, reply) => {
    forbidStoring(reply);
    const live = await getBrowserSession(deps, request, reply);
    return reply.redirect(
      live ? passwordSection : linkLogin(passwordSection, 'sign-in-required'),
      302,
    );
  });
}
