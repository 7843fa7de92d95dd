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

test('A password to confirm with may be left out, and not be empty', () => {
  expect(confirmationInput.parse({})).toEqual({});
  expect(confirmationInput.parse(undefined)).toEqual({});
  for (const currentPassword of ['', null, 7, 'x'.repeat(1025)]) {
    expect(confirmationInput.safeParse({ currentPassword }).success).toBe(false);
  }
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

test('A session is named by a UUID, in either case of letters', () => {
  const id = '0b0e7bd1-7d2e-4c4b-9a53-5d9f5f0f8a11';
  expect(revokeSessionInput.parse({ id: id.toUpperCase() })).toEqual({ id });
  for (const wrong of ['', '1', `${id}'--`, { $ne: null }]) {
    expect(revokeSessionInput.safeParse({ id: wrong }).success).toBe(false);
  }
});

test('The name of every event fits its column', () => {
  for (const [event, text] of Object.entries(activityEvents)) {
    expect(event).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(event.length).toBeLessThanOrEqual(40);
    expect(text).toMatch(/^[A-Z]/);
  }
});
