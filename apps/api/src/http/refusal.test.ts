import { messages, reasons } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { describeReason, Refusal, refuseForNow } from './refusal.ts';

test.each(reasons)('%s has a sentence for people', (reason) => {
  expect(describeReason(reason)).toMatch(/^[A-Z].+\.$/);
});

test('no reason but one has the sentence of an unexpected error', () => {
  const shared = reasons.filter(
    (reason) => describeReason(reason) === messages['unexpected-error'],
  );
  expect(shared).toEqual(['unexpected-error']);
});

test('a refusal carries its code, its reason and its sentence', () => {
  const refusal = new Refusal('CONFLICT', { reason: 'email-taken' });
  expect(refusal).toMatchObject({ code: 'CONFLICT', details: { reason: 'email-taken' } });
  expect(refusal.message).toBe(messages['email-taken']);
});

test('a refusal for now says how long', () => {
  expect(refuseForNow(30)).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    details: { reason: 'too-many-attempts', retryAfterSeconds: 30 },
  });
});
