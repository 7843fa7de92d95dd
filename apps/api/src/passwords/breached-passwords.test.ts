import type { ServerResponse } from 'node:http';
import { dialects } from '@latchkey/db/testing';
import { messages } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { createResetLink } from '../testing/reset-link.ts';
import { hashOf, startBreachService, writeRange } from '../testing/breach-service.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';
import { createBreachCheck } from './breached-passwords.ts';

const stolen = 'crimson lamp post 1987';
const good = 'a quiet lantern nobody has';

/** Looks a password up, and gives the reasons that were logged. */
async function lookUp(breachService: string | undefined, password = stolen) {
  const reasons: unknown[] = [];
  const log = { warn: (details: object) => void reasons.push(Reflect.get(details, 'reason')) };
  return { isBreached: await createBreachCheck({ breachService }, log)(password), reasons };
}

describe('a new password', () => {
  test('is stolen where its range has it with a count, and asks for no more than the range', async () => {
    const range = writeRange({ [stolen]: 52_256, padded: 0 });
    await using service = await startBreachService((response) => response.end(range));
    expect(await lookUp(service.url)).toEqual({ isBreached: true, reasons: [] });
    expect(await lookUp(service.url, good)).toEqual({ isBreached: false, reasons: [] });
    expect(await lookUp(service.url, 'padded')).toEqual({ isBreached: false, reasons: [] });
    expect(service.asked.map(({ url }) => url)).toEqual(
      [stolen, good, 'padded'].map((password) => `/range/${hashOf(password).slice(0, 5)}`),
    );
    for (const { headers } of service.asked) {
      expect(headers['add-padding']).toBe('true');
      expect(headers.cookie).toBeUndefined();
    }
  });

  test('is looked up in the spelling in which it is hashed', async () => {
    const range = writeRange({ 'café au lait 1987': 1 });
    await using service = await startBreachService((response) => response.end(range));
    expect((await lookUp(service.url, 'cafe\u0301 au lait 1987')).isBreached).toBe(true);
  });

  test('is looked up nowhere where that is off', async () => {
    expect(await lookUp(undefined)).toEqual({ isBreached: false, reasons: [] });
  });

  test.each<[string, (response: ServerResponse, elsewhere: string) => void, RegExp]>([
    ['never answers', () => undefined, /timeout/],
    [
      'stops in the middle',
      (response) => response.writeHead(200).write(`${hashOf(stolen).slice(5)}:3\r\n`),
      /timeout/,
    ],
    [
      'breaks off in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '9000' });
        response.write(`${hashOf(stolen).slice(5)}:3\r\n`, () => response.destroy());
      },
      /terminated/,
    ],
    ['hangs up', (response) => void response.destroy(), /fetch failed/],
    [
      'refuses',
      (response) => void response.writeHead(429).end(writeRange({ [stolen]: 3 })),
      /answered 429/,
    ],
    ['is broken', (response) => void response.writeHead(500).end('oh'), /answered 500/],
    [
      'leads elsewhere',
      (response, elsewhere) => void response.writeHead(302, { location: elsewhere }).end(),
      /fetch failed/,
    ],
    ['sends a page', (response) => void response.end('<!doctype html><p>Hello'), /something else/],
    [
      'sends a page around the line',
      (response) => void response.end(`<pre>\n${writeRange({ [stolen]: 3 })}\n</pre>`),
      /something else/,
    ],
    ['sends bytes', (response) => void response.end(Buffer.alloc(4096, 0xff)), /something else/],
    [
      'sends without end',
      (response) => {
        const more = () => {
          while (response.write(`${writeRange({ [stolen]: 3 })}\r\n`.repeat(500)));
        };
        response.on('drain', more);
        more();
      },
      /too much/,
    ],
  ])('is taken where the service %s, and the log says so', async (_what, answer, reason) => {
    await using elsewhere = await startBreachService((response) =>
      response.end(writeRange({ [stolen]: 3 })),
    );
    await using service = await startBreachService((response) => answer(response, elsewhere.url));
    const { isBreached, reasons } = await lookUp(service.url);
    expect(isBreached).toBe(false);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(elsewhere.asked).toEqual([]);
    expect(service.asked).toHaveLength(1);
  });

  test('is taken where nobody listens', async () => {
    const service = await startBreachService(() => undefined);
    await service[Symbol.asyncDispose]();
    expect(await lookUp(service.url)).toEqual({ isBreached: false, reasons: ['fetch failed'] });
  });
});

describe.each(dialects)('a stolen password on %s', (dialect) => {
  const range = writeRange({ [stolen]: 3 });
  const refused = (field: string) => ({
    httpStatus: 400,
    reason: 'breached-password',
    fieldErrors: { [field]: [messages['breached-password']] },
  });

  test('is refused wherever one is set, and never asked for at a log-in', async () => {
    await using service = await startBreachService((response) => response.end(range));
    await using server = await startTestServer(dialect, service.settings);
    const { person, client, user } = await signUp(server);
    const stranger = createClient(server.openBrowser());
    expect(
      await catchRefusal(stranger.auth.register.mutate(makePerson({ password: stolen }))),
    ).toMatchObject(refused('password'));
    const taken = makePerson({ email: person.email, password: stolen });
    expect(await catchRefusal(stranger.auth.register.mutate(taken))).toMatchObject(
      refused('password'),
    );
    const currentPassword = person.password;
    const change = client.account.changePassword;
    expect(
      await catchRefusal(change.mutate({ currentPassword, newPassword: stolen })),
    ).toMatchObject(refused('newPassword'));
    const token = await createResetLink(server, user.id);
    expect(
      await catchRefusal(stranger.auth.resetPassword.mutate({ token, newPassword: stolen })),
    ).toMatchObject(refused('newPassword'));
    const before = service.asked.length;
    await stranger.auth.login.mutate({ identifier: person.email, password: person.password });
    await catchRefusal(change.mutate({ currentPassword: 'not this one', newPassword: good }));
    await catchRefusal(change.mutate({ currentPassword, newPassword: 'password1234' }));
    expect(service.asked).toHaveLength(before);
    await stranger.auth.resetPassword.mutate({ token, newPassword: good });
    expect(service.asked).toHaveLength(before + 1);
    expect(server.logLines.join('')).not.toContain(hashOf(stolen).slice(5));
  });

  test('is taken while the service is away', async () => {
    await using service = await startBreachService((response) => void response.destroy());
    await using server = await startTestServer(dialect, service.settings);
    const { client } = await signUp(server, { password: stolen });
    expect(await client.auth.session.query()).not.toBeNull();
    const text = server.logLines.join('');
    expect(text).toContain('could not be looked up');
    expect(text).not.toContain(stolen);
  });
});

test('a stolen password is told without JavaScript too', async () => {
  const range = writeRange({ [stolen]: 3 });
  await using service = await startBreachService((response) => response.end(range));
  await using server = await startTestServer('sqlite', service.settings);
  const person = makePerson({ password: stolen });
  const answer = await server.openBrowser().submit('/register', person);
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    '/register#breached-password',
  ]);
});
