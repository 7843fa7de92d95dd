import { randomBytes } from 'node:crypto';
import type { Answer, Client } from './client.ts';

export type Person = {
  email: string;
  password: string;
  /** Where the person's requests come from, so that limits by address stay out of the way. */
  address: string;
};

/** Made-up people, new in any database, each with an address of their own. */
export function inventPeople(count: number): Person[] {
  const run = randomBytes(6).toString('hex');
  return Array.from({ length: count }, (_, index) => ({
    email: `person-${index}@${run}.example`,
    password: `correct horse ${randomBytes(9).toString('base64url')}`,
    address: `10.0.${index >> 8}.${index & 255}`,
  }));
}

let addresses = 0;

/** An address that nobody had before, so that no limit by address is met. */
export function takeAddress(): string {
  addresses += 1;
  return `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

export function register(client: Client, { email, password, address }: Person): Promise<Answer> {
  return client.ask({
    path: '/trpc/auth.register',
    headers: { 'x-forwarded-for': address },
    json: { name: 'Bench', email, password },
  });
}

export function logIn(client: Client, { email, password, address }: Person): Promise<Answer> {
  return client.ask({
    path: '/trpc/auth.login',
    headers: { 'x-forwarded-for': address },
    json: { identifier: email, password },
  });
}

/** The cookies an answer set, as the next request's `Cookie` header. */
export function readCookies({ headers }: Answer): string {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

/** Whether `auth.session` knows the bearer of these cookies. */
export async function isSignedIn(client: Client, cookie: string): Promise<boolean> {
  const { status, body } = await client.ask({ path: '/trpc/auth.session', headers: { cookie } });
  return status === 200 && body.includes('"user"');
}

/** Registers, and returns the cookies of the new session. */
export async function registerForCookies(client: Client, person: Person): Promise<string> {
  const answer = await register(client, person);
  if (answer.status !== 200) {
    throw new Error(`A registration was answered with ${answer.status}: ${answer.body}`);
  }
  return readCookies(answer);
}
