/**
 * The forms without JavaScript: each posts to its page's own address, calls the same procedure as
 * the script would, and is answered with 303 to a page that says how it went.
 */
import { isMessageId, parseNextPath, type ErrorDetails, type MessageId } from '@latchkey/shared';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createContext } from '../context.ts';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { appRouter } from '../router.ts';
import type { ServerDeps } from '../server-deps.ts';
import { createCallerFactory, describeError } from '../trpc.ts';
import { homeOfMembers } from './gate.ts';
import { forbidStoring } from './send-page.ts';
import { keepTyped } from './typed-cookie.ts';

type Fields = Record<string, string>;
/** A form as it was sent: its page, where to go on success, and what was typed. */
type FormState = { path: string; next: string | null; typed: Fields };

const createCaller = createCallerFactory(appRouter);

export async function addForms(
  server: FastifyInstance,
  { deps }: { deps: ServerDeps },
): Promise<void> {
  const { settings } = deps;
  server.removeAllContentTypeParsers();
  await server.register(formbody);

  const call = async (request: FastifyRequest, reply: FastifyReply) =>
    createCaller(await createContext(deps, request, reply));

  /** Sends the person back to a form with a message, and with what was typed. */
  function returnToForm(reply: FastifyReply, fault: unknown, { path, next, typed }: FormState) {
    const error = toTrpcError(fault);
    logFault(reply.request, error);
    const messageId = chooseMessage(path, describeError(error));
    if (messageId === 'email-taken') {
      keepTyped(reply, settings, { path: '/login', fields: { identifier: typed['email'] ?? '' } });
      return redirect(reply, '/login', next, messageId);
    }
    keepTyped(reply, settings, { path, fields: typed });
    return redirect(reply, path, next, messageId);
  }

  server.post('/login', async (request, reply) => {
    const fields = readFields(request);
    const next = readNext(request, fields);
    const { identifier = '', password = '' } = fields;
    try {
      const caller = await call(request, reply);
      await caller.auth.login({ identifier, password, ...readStaySignedIn(fields) });
      forbidStoring(reply);
      return await reply.redirect(next ?? homeOfMembers, 303);
    } catch (fault) {
      const typed = { identifier, ...pick(fields, ['staySignedIn']) };
      return returnToForm(reply, fault, { path: '/login', next, typed });
    }
  });

  server.post('/register', async (request, reply) => {
    const fields = readFields(request);
    const next = readNext(request, fields);
    const { name = '', email = '', username = '', password = '' } = fields;
    try {
      const caller = await call(request, reply);
      const input = { name, email, username, password, ...readStaySignedIn(fields) };
      await caller.auth.register(input);
      forbidStoring(reply);
      return await reply.redirect(greet(next ?? homeOfMembers), 303);
    } catch (fault) {
      const typed = pick(fields, ['name', 'email', 'username', 'staySignedIn']);
      return returnToForm(reply, fault, { path: '/register', next, typed });
    }
  });

  server.post('/logout', async (request, reply) => {
    try {
      const caller = await call(request, reply);
      await caller.auth.logout();
      return await redirect(reply, '/', null, 'signed-out');
    } catch (fault) {
      return returnToForm(reply, fault, { path: '/logout', next: null, typed: {} });
    }
  });
}

function redirect(reply: FastifyReply, path: string, next: string | null, messageId: MessageId) {
  forbidStoring(reply);
  const query = next === null ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return reply.redirect(`${path}${query}#${messageId}`, 303);
}

/** The place to go to after registering, with the word of welcome unless it points somewhere itself. */
function greet(path: string): string {
  return path.includes('#') ? path : `${path}#${'welcome' satisfies MessageId}`;
}

function readFields({ body }: FastifyRequest): Fields {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function readNext({ query }: FastifyRequest, fields: Fields): string | null {
  return parseNextPath((query as Fields)['next'] ?? fields['next']);
}

function readStaySignedIn(fields: Fields): { staySignedIn: boolean } {
  return { staySignedIn: ['on', 'true'].includes(fields['staySignedIn'] ?? '') };
}

function pick(fields: Fields, names: string[]): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  );
}

/**
 * The message for an error. For bad input to `/register`, whose fields have rules, it is the one of the
 * first field that has something wrong.
 */
function chooseMessage(path: string, { reason, fieldErrors = {} }: ErrorDetails): MessageId {
  if (reason !== 'invalid-input') return isMessageId(reason) ? reason : 'unexpected-error';
  if (path !== '/register') return 'invalid-input';
  const wrong = ['name', 'email', 'username', 'password'].find((field) => fieldErrors[field]);
  const messageId = `invalid-${wrong ?? 'input'}`;
  return isMessageId(messageId) ? messageId : 'invalid-input';
}
