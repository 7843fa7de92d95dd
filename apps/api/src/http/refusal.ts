import type { ErrorDetails, Reason } from '@latchkey/shared';
import { messages, isMessageId } from '@latchkey/shared';
import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server';

/** An expected "no" of a procedure: its code for HTTP, and for programs and people its reason. */
export class Refusal extends TRPCError {
  readonly details: ErrorDetails;

  /** @param cause the fault behind it, for the log alone */
  constructor(code: TRPC_ERROR_CODE_KEY, details: ErrorDetails, cause?: unknown) {
    super({ code, message: describeReason(details.reason), cause });
    this.details = details;
  }
}

const sentences: Partial<Record<Reason, string>> = {
  forbidden: 'This is not allowed for this account.',
  'not-found': 'There is nothing at this address.',
  'streaming-unsupported':
    'This server does not stream answers. Please use httpLink or httpBatchLink instead of httpBatchStreamLink.',
  'reads-spent': 'You have read your free articles of the last 30 days.',
  'too-large': 'That is too much data. Please send less.',
};

/** The sentence for people that goes with a reason. */
export function describeReason(reason: Reason): string {
  return (
    sentences[reason] ?? (isMessageId(reason) ? messages[reason] : messages['unexpected-error'])
  );
}

/** The refusal of an attempt that has to wait, with `Retry-After`. */
export function refuseForNow(retryAfterSeconds: number): Refusal {
  return new Refusal('TOO_MANY_REQUESTS', { reason: 'too-many-attempts', retryAfterSeconds });
}

const OVERLOAD_RETRY_SECONDS = 5;

/** The refusal of work that there is no room for at the moment, with `Retry-After`. */
export function refuseForOverload(cause?: unknown): Refusal {
  const details = { reason: 'overloaded', retryAfterSeconds: OVERLOAD_RETRY_SECONDS } as const;
  return new Refusal('SERVICE_UNAVAILABLE', details, cause);
}

/** There is nothing at this address. */
export const notFound = new Refusal('NOT_FOUND', { reason: 'not-found' });
