import { expect, test } from 'vitest';
import {
  NAME_MAX_LENGTH,
  PASSWORD_MAX_LENGTH,
  PASSWORD_MIN_LENGTH,
  USERNAME_MAX_LENGTH,
  USERNAME_MIN_LENGTH,
} from './limits.ts';
import { formatWait, isMessageId, messages } from './messages.ts';

test.each(['welcome', 'sign-in-required'])('%s is a message', (id) => {
  expect(isMessageId(id)).toBe(true);
});

test.each(['', 'Welcome', '<b>', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  '%j is no message',
  (id) => {
    expect(isMessageId(id)).toBe(false);
  },
);

test.each(Object.entries(messages))(
  '%s can stand in an address as it is, and its message is a sentence: %s',
  (id, text) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(text).toMatch(/^[A-Z].*\.$/);
  },
);

test('the contract’s own words', () => {
  expect(messages).toMatchObject({
    'sign-in-required': 'Please log in to access this page.',
    'invalid-credentials': 'Incorrect email, username or password. Please try again.',
    'email-taken': 'Email already registered. Log in instead.',
    'signed-out': 'You have been logged out.',
    welcome: 'Your account is ready.',
    'too-many-attempts': 'Too many attempts. Please wait and try again.',
    'unknown-email': 'That email does not exist. Please try again.',
    'wrong-password': 'Incorrect password. Please try again.',
  });
});

test('limits are told as they are', () => {
  expect(messages['invalid-name']).toContain(`at most ${NAME_MAX_LENGTH} `);
  expect(messages['invalid-username']).toContain(
    ` ${USERNAME_MIN_LENGTH} to ${USERNAME_MAX_LENGTH} `,
  );
  expect(messages['invalid-password']).toContain(
    ` ${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} `,
  );
});

test.each([
  [0, '1 second'],
  [0.2, '1 second'],
  [1, '1 second'],
  [29.1, '30 seconds'],
  [59.5, '1 minute'],
  [60, '1 minute'],
  [61, '2 minutes'],
  [3599, '1 hour'],
  [3600, '1 hour'],
  [3601, '2 hours'],
  [-5, '1 second'],
])('a wait of %d seconds is "%s"', (seconds, text) => {
  expect(formatWait(seconds)).toBe(text);
});
