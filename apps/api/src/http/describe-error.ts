import { collectFieldErrors, type ErrorDetails, type Reason } from '@latchkey/shared';
import type { TRPCError, TRPC_ERROR_CODE_KEY } from '@trpc/server';
import * as z from 'zod/mini';
import { Refusal } from './refusal.ts';

const reasonsByCode: Partial<Record<TRPC_ERROR_CODE_KEY, Reason>> = {
  BAD_REQUEST: 'invalid-input',
  PARSE_ERROR: 'invalid-input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid-input',
  METHOD_NOT_SUPPORTED: 'invalid-input',
  NOT_FOUND: 'not-found',
  UNAUTHORIZED: 'sign-in-required',
  FORBIDDEN: 'forbidden',
  PAYLOAD_TOO_LARGE: 'too-large',
};

/** What an error says to the outside: its reason, and the faults of each field for bad input. */
export function describeError(error: TRPCError): ErrorDetails {
  if (error instanceof Refusal) return error.details;
  const reason = reasonsByCode[error.code] ?? 'unexpected-error';
  // A schema that the server's own data fails is a fault like any other, and nobody's input.
  if (reason !== 'invalid-input' || !(error.cause instanceof z.core.$ZodError)) return { reason };
  return { reason, fieldErrors: collectFieldErrors(error.cause.issues) };
}
