import { randomUUID } from 'node:crypto';
import type { Answer } from '../server/client.ts';
import { logIn, register } from '../server/people.ts';
import { PASSWORD } from './fill-database.ts';
import { takeAddress, type RunningCrowd } from './start-crowd.ts';

const askAs =
  (path: string) =>
  ({ client, drawCookies }: RunningCrowd): Promise<Answer> =>
    client.ask({ path, headers: { cookie: drawCookies() } });

/** What a site is asked, of somebody else each time. */
export const questions = {
  'auth.session': askAs('/trpc/auth.session'),
  'a log-in, with the cheapest hash': ({ client, drawPerson }: RunningCrowd) =>
    logIn(client, drawPerson()),
  'a registration, with the cheapest hash': ({ client }: RunningCrowd) =>
    register(client, {
      email: `${randomUUID()}@new.example`,
      password: PASSWORD,
      address: takeAddress(),
    }),
  'sessions.list': askAs('/trpc/sessions.list'),
  'activity.list': askAs('/trpc/activity.list'),
  'the dashboard': askAs('/dashboard'),
};

export type QuestionName = keyof typeof questions;
