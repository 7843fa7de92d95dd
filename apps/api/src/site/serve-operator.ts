import { parseNextPath } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toTrpcError } from '../http/answer-error.ts';
import { describeError } from '../http/describe-error.ts';
import { sendPage } from '../pages/send-page.ts';
import type { PageFilling } from '../pages/fill-page.ts';
import type { SitePage } from '../pages/site-file.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { isOperatorPath, operatorPath } from './conceal-operator.ts';
import { fillPeople } from './fill-operator.ts';
import { fillFigures } from './fill-operator-figures.ts';
import { fillHealth } from './fill-operator-health.ts';
import { fillPerson, personPath } from './fill-operator-person.ts';
import { fillInvitations, invitationsPath } from './fill-operator-invitations.ts';
import { fillLog, logPath } from './fill-operator-log.ts';
import { fillMail, mailPath } from './fill-operator-mail.ts';
import { fillProof } from './fill-operator-proof.ts';
import { openCaller, redirect, type Caller, type Fields } from './form-answer.ts';
import type { OperatorVisit } from './operator-visit.ts';
import { takeTyped } from './typed-cookie.ts';

/** Asks an operator for a fresh proof. */
export const proofPath = '/operator/proof';

type Fill = (
  caller: Caller,
  query: URLSearchParams,
  visit: OperatorVisit,
) => Promise<Omit<PageFilling, 'reader'>>;

const fills: Record<string, Fill> = {
  [operatorPath]: fillPeople,
  [personPath]: fillPerson,
  '/operator/health': fillHealth,
  '/operator/figures': fillFigures,
  [invitationsPath]: fillInvitations,
  [logPath]: fillLog,
  [mailPath]: fillMail,
};

/** Where an operator goes after the proof: to one of these pages, and nowhere else. */
export function readOperatorPath(typed: string | null | undefined): string {
  const next = parseNextPath(typed);
  const [path = ''] = next?.split(/[?#]/) ?? [];
  return next !== null && isOperatorPath(path) && path !== proofPath ? next : operatorPath;
}

/** Sends one of the operator's pages, or asks for a fresh proof first. */
export async function serveOperator(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { page, live, search }: { page: SitePage; live: LiveSession; search: string },
): Promise<FastifyReply> {
  const query = new URLSearchParams(search);
  const fill = Object.hasOwn(fills, page.path) ? fills[page.path] : undefined;
  const shown = { path: page.path, reader: live.user };
  let typed: Fields | undefined;
  const takeOnce = () =>
    (typed ??= takeOwn(takeTyped(request, reply, deps.settings, shown), query));
  try {
    const visit = { deps, reader: live.user, takeTyped: takeOnce };
    const filling = fill
      ? await fill(await openCaller(deps, request, reply), query, visit)
      : await fillProof(deps, live, readOperatorPath(query.get('next')));
    return await sendPage(reply, page, { reader: live.user, typed: takeOnce(), ...filling });
  } catch (fault) {
    const { reason } = describeError(toTrpcError(fault));
    if (reason !== 'password-required' && reason !== 'code-required') throw fault;
    return redirect(reply, proofPath, page.path + search, reason, 302);
  }
}

/** What was typed for somebody else's page is not for this one. */
function takeOwn({ id, ...typed }: Fields = {}, query: URLSearchParams): Fields {
  return id === undefined || id === query.get('id') ? typed : {};
}
