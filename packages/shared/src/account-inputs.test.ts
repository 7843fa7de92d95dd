import { describe, expect, test } from 'vitest';
import {
  changeEmailInput,
  changePasswordInput,
  confirmationInput,
  deleteAccountInput,
  revokeSessionInput,
  updateInput,
} from './account-inputs.ts';
import { activityEvents } from './activity-events.ts';

describe('a profile', () => {
  test.each([
    [{}, {}],
    [{ username: 'ada' }, { username: 'ada' }],
    [{ name: ' Ada ' }, { name: 'Ada' }],
    [
      { name: 'Ada', username: undefined },
      { name: 'Ada', username: undefined },
    ],
    [
      { name: 'Ada', username: ' ada ' },
      { name: 'Ada', username: 'ada' },
    ],
    [
      { name: 'Ada', username: '' },
      { name: 'Ada', username: null },
    ],
    [
      { name: 'Ada', username: ' ' },
      { name: 'Ada', username: null },
    ],
    [
      { name: 'Ada', username: null },
      { name: 'Ada', username: null },
    ],
  ])('%j is taken as %j', (typed, taken) => {
    expect(updateInput.parse(typed)).toEqual(taken);
  });

  test.each([
    { name: '' },
    { name: null },
    { name: 'Ada', username: 'a' },
    { name: 'Ada', username: 7 },
  ])('refuses %j', (typed) => {
    expect(updateInput.safeParse(typed).success).toBe(false);
  });
});

test.each([{}, undefined])('A password to confirm with may be left out: %j', (input) => {
  expect(confirmationInput.parse(input)).toEqual({});
});

test.each(['', null, 7, 'x'.repeat(1025)])('A password to confirm with is not %j', (password) => {
  expect(confirmationInput.safeParse({ currentPassword: password }).success).toBe(false);
});

test('A new password needs the current one', () => {
  expect(changePasswordInput.safeParse({ newPassword: 'quiet lantern moss' }).success).toBe(false);
});

test('An email is trimmed, to change it and to confirm with it', () => {
  expect(changeEmailInput.parse({ email: ' ada@example.com ' })).toEqual({
    email: 'ada@example.com',
  });
  expect(deleteAccountInput.parse({ email: ' Ada@Example.com ', currentPassword: ' p ' })).toEqual({
    email: 'Ada@Example.com',
    currentPassword: ' p ',
  });
  expect(changeEmailInput.safeParse({ email: 'ada' }).success).toBe(false);
});

const sessionId = '0b0e7bd1-7d2e-4c4b-9a53-5d9f5f0f8a11';

test('A session is named by a UUID, in either case of letters', () => {
  expect(revokeSessionInput.parse({ id: sessionId.toUpperCase() })).toEqual({ id: sessionId });
});

test.each(['', '1', `${sessionId}'--`, { $ne: null }])('No session is named %j', (id) => {
  expect(revokeSessionInput.safeParse({ id }).success).toBe(false);
});

test.each(Object.entries(activityEvents))('The event %s fits its column: %s', (event, text) => {
  expect(event).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(event.length).toBeLessThanOrEqual(40);
  expect(text).toMatch(/^[A-Z]/);
});
