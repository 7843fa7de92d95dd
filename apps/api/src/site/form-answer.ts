import { isMessageId, messages, type ErrorDetails, type MessageId } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createContext } from '../procedures/context.ts';
import { logFault, toTrpcError } from '../http/answer-error.ts';
import { appRouter } from '../trpc/router.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { describeError } from '../http/describe-error.ts';
import { createCallerFactory } from '../procedures/trpc.ts';
import { explainFault } from '../pages/explain-fault.ts';
import { faultPrefix, refusedField, waitField } from '../pages/fill-page.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { keepTyped, untilLoginSeconds } from './typed-cookie.ts';

/** Name → value of what a form was sent with. */
export type Fields = Record<string, string>;
/** A faulty field, or a reason, → the message that tells of it; the first field counts. */
export type FaultMessages = Record<string, MessageId>;
/** A form as it was sent: its page, where to go on success, and what was typed. */
type FormState = {
  path: string;
  /** The query of the page's address, with its `?`, where it has one besides `next`. */
  query?: string;
  next: string | null;
  typed: Fields;
  faults?: FaultMessages;
  /** Field → its id in the page, which has a place for a message beside it. */
  fieldIds?: Record<string, string>;
};

const messageIds = Object.keys(messages).filter(isMessageId);

const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;

/**
 * The procedures, called for the person who sent a form.
 *
 * @param person whose page the form stood on, where that is known
 */
export async function openCaller(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  person?: string,
): Promise<Caller> {
  return createCaller(await createContext(deps, request, reply, person));
}

export function readFields({ body }: FastifyRequest): Fields {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

export function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  );
}

/** Answers a form with the way to a page, and the message that it shows there if there is one. */
export function redirect(
  reply: FastifyReply,
  path: string,
  next: string | null,
  messageId?: MessageId,
  status = 303,
): FastifyReply {
  forbidStoring(reply);
  const query = next === null ? '' : `?${new URLSearchParams({ next }).toString()}`;
  const fragment = messageId === undefined ? '' : `#${messageId}`;
  return reply.redirect(path + query + fragment, status);
}

/**
 * Sends the person back to a form with a message, and with what was typed; through the log-in where
 * they are no longer signed in.
 */
export function returnToForm(
  reply: FastifyReply,
  { settings }: ServerDeps,
  fault: unknown,
  { path, query = '', next, typed, faults = {}, fieldIds = {} }: FormState,
): FastifyReply {
  const error = toTrpcError(fault);
  logFault(reply.request, error);
  const details = describeError(error);
  const messageId = chooseMessage(details, faults);
  if (messageId === 'email-taken') {
    keepTyped(reply, settings, { path: '/login', fields: { identifier: typed['email'] ?? '' } });
    return redirect(reply, '/login', next, messageId);
  }
  if (messageId === 'second-step-over') return redirect(reply, '/login', next, messageId);
  if (messageId === 'other-person') {
    keepTyped(reply, settings, { path, fields: typed, maxAge: untilLoginSeconds });
    return redirect(reply, path + query, next, messageId);
  }
  if (messageId === 'sign-in-required') {
    keepTyped(reply, settings, { path, fields: typed, maxAge: untilLoginSeconds });
    const isKept = Object.keys(typed).length > 0;
    const back = path + query + (isKept ? `#${'not-saved' satisfies MessageId}` : '');
    return redirect(reply, '/login', back, messageId);
  }
  const marks = describeMarks(details, { typed, fieldIds, faults, messageId });
  const answer = { ...marks, ...keepWait(details), [refusedField]: '' };
  keepTyped(reply, settings, { path, fields: { ...typed, ...answer } });
  const isMany = Object.keys(marks).length > 1;
  return redirect(reply, path + query, next, isMany ? 'invalid-input' : messageId);
}

function keepWait({ retryAfterSeconds }: ErrorDetails): Fields {
  return retryAfterSeconds === undefined ? {} : { [waitField]: String(retryAfterSeconds) };
}

/**
 * The message of each faulty field, where there are more than one or more can be said than the page's own
 * message does; never text, which a cookie may bring from anywhere.
 */
function describeMarks(
  { reason, fieldErrors = {} }: ErrorDetails,
  {
    typed,
    fieldIds,
    faults,
    messageId: told,
  }: Required<Pick<FormState, 'typed' | 'fieldIds' | 'faults'>> & { messageId: MessageId },
): Record<string, MessageId> {
  const marks = Object.entries(fieldErrors).flatMap(([field, [sentence]]) => {
    const own = messageIds.find((id) => messages[id] === sentence);
    const messageId = own ?? (reason === 'email-domain-not-allowed' ? reason : faults[field]);
    const id = fieldIds[field];
    return messageId && id ? [[faultPrefix + id, messageId] as const] : [];
  });
  const isExact = marks.some(([, id]) => id !== told || explainFault(id, typed) !== messages[id]);
  return marks.length > 1 || isExact ? Object.fromEntries(marks) : {};
}

function chooseMessage(
  { reason, fieldErrors = {} }: ErrorDetails,
  faults: FaultMessages,
): MessageId {
  const fault =
    reason === 'invalid-input'
      ? Object.keys(faults).find((field) => Object.hasOwn(fieldErrors, field))
      : reason;
  const messageId = fault === undefined ? undefined : faults[fault];
  return messageId ?? (isMessageId(reason) ? reason : 'unexpected-error');
}
