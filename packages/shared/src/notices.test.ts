import { expect, test } from 'vitest';
import { isNoticeKind, notices } from './notices.ts';

test.each(Object.entries(notices))('%s tells in a subject and a line', (kind, notice) => {
  expect(isNoticeKind(kind)).toBe(true);
  expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
  for (const text of [notice.subject, notice.line]) expect(text).toMatch(/^[A-Z][^.]+$/);
});

test.each(['', 'toString', '__proto__', 'logged-in'])('%j is no kind of notice', (text) => {
  expect(isNoticeKind(text)).toBe(false);
});
