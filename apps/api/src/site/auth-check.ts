/**
 * Says for a proxy whether something may go to who asks for it: nginx's `auth_request`, and Caddy's
 * `forward_auth`. The proxy's own program answers what is allowed; docs/forward-auth.md has both.
 */
import { isRole, listRuleFaults, mayOpen, type Access } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { logSecurityEvent } from '../activity/security-log.ts';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { cleanPath, encodePath } from '../http/request-path.ts';
import { readSessionToken } from '../http/session-cookies.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { lacksRequiredFactor } from '../second-factors/required-factor.ts';
import { findLiveSession, type LiveSession } from '../sessions/find-live-session.ts';
import { slideSession } from '../sessions/slide-session.ts';
import { readAskedAddress } from './asked-address.ts';
import { dashboardPath } from './fill-dashboard.ts';
import { factorsPath } from './fill-factors.ts';
import { linkLogin } from './link-login.ts';
import { refuseRole } from './refuse-role.ts';
import { sendProblem } from './problem.ts';

const checkPath = '/auth/check';
/** Where a browser is sent that gets 401. */
const LOCATION_HEADER = 'latchkey-location';

/**
 * What has to be open for a path to be. Another program may take `/x/`, `/x.html` and `/x;y` for `/x`:
 * the rules of all of them hold, and what the site's own page there says of itself.
 */
async function listAccess({ site, access }: ServerDeps, path: string): Promise<Access[]> {
  const clean = cleanPath(path);
  const bare = path.replace(/(.)\/$/, '$1');
  const spellings = [bare, clean, bare.replaceAll(/;[^/]*/g, '') || '/'];
  const rules = spellings
    .map((spelling) => access.findRule(spelling)?.access)
    .filter((one) => one !== undefined);
  const file = await site.find({ path: clean, search: '' });
  if (file) rules.push(file.access === 'metered' ? 'members' : file.access);
  return rules.length > 0 ? rules : ['members'];
}

/** The folder of the rules that a host stands for, without a slash at its end; null for one that is none. */
function readFolder({ query }: FastifyRequest): string | null {
  const { folder = '' } = query as Record<string, unknown>;
  if (folder === '') return folder;
  if (typeof folder !== 'string' || listRuleFaults({ [folder]: 'public' }).length > 0) return null;
  return folder === '/' || folder.includes('*') ? null : folder;
}

/** No cookie of an answer to a proxy reaches the browser, so the row of a session moves alone. */
async function findReader(deps: ServerDeps, request: FastifyRequest): Promise<LiveSession | null> {
  const token = readSessionToken(request, deps.settings);
  const live = token ? await findLiveSession(deps.database, token) : null;
  if (live) await slideSession(deps, live).catch((fault: unknown) => reportFault(request, fault));
  return live;
}

function reportFault(request: FastifyRequest, fault: unknown): null {
  logFault(request, toTrpcError(fault));
  return null;
}

export function addAuthCheck(server: FastifyInstance, deps: ServerDeps): void {
  const { database, settings, site } = deps;

  async function admit(reply: FastifyReply, live: LiveSession | null) {
    if (live) {
      const roles = live.user.roles.filter(isRole).join(',');
      reply.headers({ 'latchkey-user': live.user.id, 'latchkey-roles': roles });
    }
    return reply.code(204).send();
  }

  async function sendAway(
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    location: string,
    reason: 'sign-in-required' | 'factor-required',
  ) {
    logSecurityEvent({ deps, request }, 'authz_fail', { outcome: reason });
    reply.code(401).header(LOCATION_HEADER, location);
    return sendProblem(request, reply, site, 'sign-in-required', {
      link: { href: location, label: 'Log in' },
    });
  }

  server.get(checkPath, async (request, reply) => {
    forbidStoring(reply);
    const asked = readAskedAddress(request);
    const folder = readFolder(request);
    if (asked === 'missing' || folder === null) {
      return reply.code(400).type('text/plain; charset=utf-8').send(explainSetUp);
    }
    if (asked === 'unclear') {
      reply.code(403);
      return sendProblem(request, reply, site, 'not-found');
    }
    const { path, search } = asked;
    const ruled = folder !== '' && path === '/' ? folder : folder + path;
    const accesses = await listAccess(deps, ruled);
    const closed = accesses.find((access) => !mayOpen(access, null));
    if (closed === undefined) {
      const reader = findReader(deps, request);
      return admit(reply, await reader.catch((fault: unknown) => reportFault(request, fault)));
    }
    const live = await findReader(deps, request);
    if (!live) {
      const login = linkLogin(encodePath(path) + search, 'sign-in-required');
      return sendAway({ request, reply }, login, 'sign-in-required');
    }
    const isOfAccount = ruled === dashboardPath || ruled.startsWith(`${dashboardPath}/`);
    if (!isOfAccount && (await lacksRequiredFactor(database, settings.factorDemand, live.user))) {
      return sendAway({ request, reply }, `${factorsPath}#factor-required`, 'factor-required');
    }
    const refused = accesses.find((access) => !mayOpen(access, live.user.roles));
    if (refused === undefined) return admit(reply, live);
    const wanted = { path, search };
    return refuseRole(deps, { request, reply, wanted }, { access: refused, reader: live.user });
  });
}

const explainSetUp =
  'The proxy has to say what is asked for, in X-Original-URI or X-Forwarded-Uri, and a folder such as /wiki: see docs/forward-auth.md.\n';
