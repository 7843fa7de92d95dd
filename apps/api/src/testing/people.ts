import { randomBytes } from 'node:crypto';
import type { PersonInput, PublicUser, RegisterInput } from '@latchkey/shared';
import { giveCode } from '../email-links/email-link.ts';
import { REGISTRATION_MAIL } from '../email-links/link-mails.ts';
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

/** Does what the link of a registration's mail does, without the mail. */
async function confirm(
  { database }: TestServer,
  client: ReturnType<typeof createClient>,
  email: string,
): Promise<PublicUser> {
  const where = { email, purpose: 'registration' };
  const link = await database.EmailLink.findOne({ where, rejectOnEmpty: true });
  await database.Mail.destroy({ where: { kind: REGISTRATION_MAIL } });
  const { user } = await client.auth.confirmEmail.mutate({ token: await giveCode(link) });
  if (!user) throw new Error('A registration was confirmed, and no account made.');
  return user;
}

/** Somebody new who has registered in a browser of their own, and is signed in there. */
export async function signUp(server: TestServer, overrides: Partial<RegisterInput> = {}) {
  const person: Person = makePerson(overrides);
  const browser = server.openBrowser();
  const client = createClient(browser);
  const answer = await client.auth.register.mutate(person);
  const user = 'user' in answer ? answer.user : await confirm(server, client, person.email);
  // Nothing of it goes on while a test counts statements or breaks the database.
  await server.deps.securityLog.flush();
  return { person, browser, client, user };
}
