import type { ErrorDetails, Reason } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { logFault, setRetryAfter, toTrpcError } from '../http/answer-error.ts';
import { describeReason, notFound } from '../http/refusal.ts';
import { describeError } from '../http/describe-error.ts';
import { readRequestPath, wantsPage } from '../http/request-path.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { sendProblemPage } from '../pages/send-page.ts';
import type { PageFilling } from '../pages/fill-page.ts';
import { findPage, type Site } from '../pages/site-file.ts';
import { isOperatorPath } from './conceal-operator.ts';

/** The page of the site that problems are told on. It has no address of its own. */
export const problemPath = '/problem';

const titles: Partial<Record<Reason, string>> = {
  'sign-in-required': 'Please log in',
  'role-required': 'This is not open to you',
  'cross-site': 'The form was not sent from this site',
  'too-large': 'Too much data',
  'not-found': 'Page not found',
  overloaded: 'The server is busy',
};

type Link = { href: string; label: string };
type ProblemDetails = {
  link?: Link | undefined;
  /** What is known besides the reason, in sentences. */
  addition?: string;
  /** Who is told, where they are signed in. */
  reader?: PageFilling['reader'];
};

/**
 * Tells of a problem, in the site's own look to a browser that wants a page and as one line of text
 * to everything else. The answer's status is set by the caller.
 */
export async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  reason: Reason,
  more: ProblemDetails = {},
): Promise<FastifyReply> {
  forbidStoring(reply);
  const { link = { href: '/', label: 'Go to the home page' }, addition, reader = null } = more;
  const text = [describeReason(reason), addition].filter(Boolean).join(' ');
  const page = wantsPage(request) ? await findPage(site, problemPath) : null;
  if (!page) return reply.type('text/plain; charset=utf-8').send(`${text}\n`);
  const title = titles[reason] ?? 'Something went wrong';
  const slots = {
    title,
    'problem-title': title,
    'problem-text': text,
    'problem-link': link.label,
    'problem-href': link.href,
  };
  return sendProblemPage(reply, page, slots, reader);
}

/** Answers what went wrong outside the API: the status and a page or a line that says what to do. */
async function answerSiteError(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  fault: unknown,
): Promise<FastifyReply> {
  const error = toTrpcError(fault);
  logFault(request, error);
  const details = describeError(error);
  setRetryAfter(reply, details);
  // A file's library refuses with statuses and headers that tRPC has no name for, such as 416.
  const { statusCode = 500, headers = {} } = fault as { statusCode?: number; headers?: object };
  reply
    .code(statusCode < 500 ? statusCode : getHTTPStatusCodeFromError(error))
    .headers({ ...headers });
  const link = findFormAgain(request, details);
  return sendProblem(request, reply, site, details.reason, { link });
}

/** The way from a form that came from elsewhere to the same form of this site. */
function findFormAgain(request: FastifyRequest, { reason }: ErrorDetails): Link | undefined {
  const path = readRequestPath(request)?.path;
  const isForm =
    path !== undefined &&
    !isOperatorPath(path) &&
    request.server.hasRoute({ method: 'POST', url: path });
  return reason === 'cross-site' && isForm ? { href: path, label: 'Try again' } : undefined;
}

/** Tells of whatever goes wrong outside the API, and of addresses that no route takes. */
export function addProblemPages(server: FastifyInstance, site: Site): void {
  server.setErrorHandler(async (error, request, reply) =>
    answerSiteError(request, reply, site, error),
  );
  server.setNotFoundHandler(async (request, reply) =>
    answerSiteError(request, reply, site, notFound),
  );
}
