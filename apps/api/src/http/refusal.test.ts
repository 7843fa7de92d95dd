import { messages, reasons } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { describeReason, Refusal, refuseForNow } from './refusal.ts';

test('every reason has a sentence of its own for people', () => {
  const sentences = reasons.map(describeReason);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+\.$/);
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
