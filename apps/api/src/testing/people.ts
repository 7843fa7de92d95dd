import { randomBytes } from 'node:crypto';
import type { PersonInput, RegisterInput } from '@latchkey/shared';
import { createClient, type TestServer } from './test-server.ts';

type Person = Record<keyof PersonInput | 'password', string>;

/** Somebody new, with a password that follows the rules. */
export function makePerson<Overrides extends Partial<RegisterInput> = object>(
  overrides = {} as Overrides,
): Person & NoInfer<Overrides> {
  const unique = randomBytes(5).toString('hex');
  return {
    name: `Ada ${unique}`,
    email: `ada-${unique}@example.com`,
    username: `ada-${unique}`,
    password: `quiet lantern ${randomBytes(6).toString('hex')}`,
    ...overrides,
  };
}

/** Somebody new who has registered in a browser of their own, and is signed in there. */
export async function signUp(server: TestServer, overrides: Partial<RegisterInput> = {}) {
  const person: Person = makePerson(overrides);
  const browser = server.openBrowser();
  const client = createClient(browser);
  const { user } = await client.auth.register.mutate(person);
  // Nothing of it goes on while a test counts statements or breaks the database.
  await server.deps.securityLog.flush();
  return { person, browser, client, user };
}
