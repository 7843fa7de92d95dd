import { expect, test } from 'vitest';
import { currentRoles } from './current-roles.ts';

const roleEnds = { gold: '2026-11-27T10:00:00.000Z' };

test.each([
  ['2026-11-27T09:59:59.999Z', ['member', 'gold']],
  ['2026-11-27T10:00:00.000Z', ['member']],
  ['2027-01-01T00:00:00.000Z', ['member']],
])('at %s these roles are left: %j', (now, left) => {
  expect(currentRoles({ roles: ['member'], roleEnds }, Date.parse(now))).toEqual(left);
});

test('an end that is no time is no reason to keep a role', () => {
  expect(currentRoles({ roles: [], roleEnds: { gold: 'never' } })).toEqual([]);
});
