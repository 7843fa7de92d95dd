import { expect, test } from 'vitest';
import { nameCookie } from './cookie-name.ts';

test.each([
  ['https://members.example', '__Host-session'],
  ['https://members.example:8443', '__Host-session'],
  ['http://localhost:3000', 'session'],
  ['http://localhost:3001', 'session-3001'],
  ['http://127.0.0.1:4000', 'session-4000'],
  ['http://localhost', 'session-80'],
])('the session of %s is in the cookie %s', (origin, name) => {
  expect(nameCookie('session', new URL(origin))).toBe(name);
});
