import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { expect, test } from 'vitest';
import { Refusal } from './refusal.ts';
import { describeError } from './describe-error.ts';
import { toTrpcError } from './answer-error.ts';

const withStatus = (statusCode: number) => Object.assign(new Error('secret'), { statusCode });

test.each([
  [400, 400, 'invalid-input'],
  [401, 400, 'invalid-input'],
  [403, 403, 'forbidden'],
  [404, 404, 'not-found'],
  [405, 405, 'invalid-input'],
  [408, 408, 'unexpected-error'],
  [413, 413, 'too-large'],
  [414, 400, 'invalid-input'],
  [415, 415, 'invalid-input'],
  [500, 500, 'unexpected-error'],
  [502, 500, 'unexpected-error'],
])('an error of Fastify with status %d is answered with %d, %s', (from, status, reason) => {
  const error = toTrpcError(withStatus(from));
  expect(getHTTPStatusCodeFromError(error)).toBe(status);
  expect(describeError(error)).toEqual({ reason });
});

test('an error of Fastify with status 503 is answered with when to come again', () => {
  const error = toTrpcError(withStatus(503));
  expect(getHTTPStatusCodeFromError(error)).toBe(503);
  expect(describeError(error)).toEqual({ reason: 'overloaded', retryAfterSeconds: 5 });
});

test.each([new Error('secret'), 'thrown text', 7, {}])(
  'what is no HTTP error is a 500',
  (fault) => {
    const error = toTrpcError(fault);
    expect(getHTTPStatusCodeFromError(error)).toBe(500);
    expect(describeError(error)).toEqual({ reason: 'unexpected-error' });
  },
);

test('what is one of tRPC’s already stays as it is', () => {
  for (const error of [
    new TRPCError({ code: 'CONFLICT' }),
    new Refusal('FORBIDDEN', { reason: 'cross-site' }),
  ]) {
    expect(toTrpcError(error)).toBe(error);
  }
});
