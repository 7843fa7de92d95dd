import { isUnavailable } from '@latchkey/db';
import type { ErrorDetails } from '@latchkey/shared';
import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { describeReason, Refusal, refuseForOverload } from './refusal.ts';
import { describeError } from './describe-error.ts';

const codesByStatus: Record<number, TRPC_ERROR_CODE_KEY> = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  408: 'TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'SERVICE_UNAVAILABLE',
};

/** The system's words for having no file handle, memory or thread left at this moment. */
const lacksResources = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** What went wrong before or outside a procedure, as the error that a procedure would have thrown. */
export function toTrpcError(error: unknown): TRPCError {
  if (error instanceof TRPCError) return error;
  const { statusCode = 500, code: name = '' } = error as Partial<FastifyError>;
  if (statusCode === 503 || lacksResources.has(name) || isUnavailable(error)) {
    return refuseForOverload(error);
  }
  const code = codesByStatus[statusCode] ?? (statusCode < 500 ? 'BAD_REQUEST' : undefined);
  return new TRPCError({ code: code ?? 'INTERNAL_SERVER_ERROR', cause: error });
}

/** Faults are logged whole and answered without detail. */
export function logFault(request: FastifyRequest, error: TRPCError): void {
  if (getHTTPStatusCodeFromError(error) < 500) return;
  if (error instanceof Refusal && error.cause === undefined) return;
  request.log.error({ err: error.cause ?? error }, 'A request failed.');
}

export function setRetryAfter(reply: FastifyReply, { retryAfterSeconds }: ErrorDetails): void {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
}

/** The same envelope that tRPC writes, for what is refused before tRPC is reached. */
export function answerTrpcError(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: unknown,
): void {
  const error = toTrpcError(fault);
  logFault(request, error);
  const details = describeError(error);
  const httpStatus = getHTTPStatusCodeFromError(error);
  setRetryAfter(reply, details);
  void reply.code(httpStatus).send({
    error: {
      message: describeReason(details.reason),
      code: TRPC_ERROR_CODES_BY_KEY[error.code],
      data: { code: error.code, httpStatus, ...details },
    },
  });
}
