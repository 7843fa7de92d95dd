import { randomBytes } from 'node:crypto';
import type { RegisterInput } from '@latchkey/shared';

/** Somebody new, with a password that follows the rules. */
export function makePerson(overrides: Partial<RegisterInput> = {}) {
  const unique = randomBytes(5).toString('hex');
  return {
    name: `Ada ${unique}`,
    email: `ada-${unique}@example.com`,
    username: `ada-${unique}`,
    password: `quiet lantern ${randomBytes(6).toString('hex')}`,
    ...overrides,
  };
}
