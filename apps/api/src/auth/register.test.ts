import { dialects } from '@latchkey/db/testing';
import { messages } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

const notCleanTexts = ['a\u0000b', '\u0000', 'a\u001b[31mb', 'a\u0085b', '\ud800', 'x\udfff'];

const unusualNames = [
  'Zoë 🎈👩🏽‍🚀',
  `Robert'); DROP TABLE users;--`,
  'עדה לאבלייס',
  '<script>alert("1")</script>',
  '$1 ${x} :email ?',
  'é'.repeat(80).normalize('NFD'),
  '😀'.repeat(80),
];

const guessablePasswords = [
  ['common-password', { password: 'UnBelievable' }],
  ['personal-password', { password: 'Latchkey2026' }],
  ['personal-password', { name: 'Zoë García', password: 'zoë garcía 1' }],
  ['personal-password', { email: 'lovelace@mail.example', password: 'lovelace@mail' }],
  ['personal-password', { username: 'countess_ada', password: 'Countess_Ada' }],
] as const;

const oddBodies = [
  'null',
  '[]',
  '"text"',
  '7',
  '{}',
  '{"name":{"$ne":null},"email":["a@b.example"],"password":true}',
  '{"__proto__":{"name":"Ada"},"constructor":{"prototype":{"isAdmin":true}}}',
  '{"json":{"name":"Ada"}}',
];

describe.each(dialects)('registering on %s', (dialect) => {
  test('makes an account, tells exactly what the contract says, and signs in', async () => {
    await using server = await startTestServer(dialect);
    const { person, user, client } = await signUp(server);
    const { name, username, email } = person;
    expect(user).toEqual({
      ...{ name, username, email, roles: [] },
      id: user.id,
      createdAt: new Date(user.createdAt).toISOString(),
    });
    expect(user.id).toMatch(/^[0-9a-f-]{36}$/);
    const live = await client.auth.session.query();
    expect(live?.user).toEqual(user);
    expect(Object.keys(live?.session ?? {}).sort()).toEqual(
      ['createdAt', 'expiresAt', 'id', 'idleExpiresAt', 'lastSeenAt', 'staySignedIn'].sort(),
    );
    expect((await client.secrets.list.query()).items.length).toBeGreaterThan(0);
  });

  test('keeps neither the password nor anything like it', async () => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server);
    const row = await server.database.User.findByPk(user.id, { raw: true });
    expect(JSON.stringify(row)).not.toContain(person.password);
    expect(row?.passwordHash).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$/);
  });

  test('needs no username', async () => {
    await using server = await startTestServer(dialect);
    for (const username of [undefined, '', null as never]) {
      expect((await signUp(server, { username })).user.username, String(username)).toBeNull();
    }
  });

  test('keeps every name as it is', async () => {
    await using server = await startTestServer(dialect);
    for (const name of unusualNames) {
      const { client } = await signUp(server, { name });
      expect((await client.auth.session.query())?.user.name).toBe(name.normalize('NFC'));
    }
  });

  test('refuses a taken email or username in any case', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const client = createClient(server.openBrowser());
    const email = person.email.toUpperCase();
    const username = person.username.toUpperCase();
    expect(await catchRefusal(client.auth.register.mutate(makePerson({ email })))).toMatchObject({
      httpStatus: 409,
      code: 'CONFLICT',
      reason: 'email-taken',
    });
    expect(await catchRefusal(client.auth.register.mutate(makePerson({ username })))).toMatchObject(
      {
        httpStatus: 409,
        reason: 'username-taken',
        fieldErrors: { username: ['That username is taken. Please choose another.'] },
      },
    );
    expect(await client.auth.session.query()).toBeNull();
    expect(await server.database.User.count()).toBe(1);
  });

  test.each([
    ['email', ['email']],
    ['username', ['username']],
    ['email', ['email', 'username']],
  ] as const)('lets one of ten at once have an %s, who share %j', async (field, same) => {
    await using server = await startTestServer(dialect);
    const first = makePerson();
    const shared = Object.fromEntries(same.map((name) => [name, first[name]]));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        postTrpc(server.openBrowser(), 'auth.register', makePerson(shared)),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(9).fill(409)]);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(await answer.json()).toMatchObject({ error: { data: { reason: `${field}-taken` } } });
    }
    expect(await server.database.User.count()).toBe(1);
    expect(await server.database.Session.count()).toBe(1);
  });

  test('is refused while it is closed, and log-ins go on', async () => {
    await using open = await startTestServer(dialect);
    const { person } = await signUp(open);
    await using closed = await startTestServer(
      dialect,
      { REGISTRATION: 'closed' },
      { database: open.database },
    );
    const client = createClient(closed.openBrowser());
    expect(await catchRefusal(client.auth.register.mutate(makePerson()))).toMatchObject({
      httpStatus: 403,
      reason: 'registration-closed',
    });
    const { email: identifier, password } = person;
    expect(await client.auth.login.mutate({ identifier, password })).toHaveProperty('user');
  });

  test('tells what is wrong with each field, and makes nothing', async () => {
    await using server = await startTestServer(dialect);
    const answer = await postTrpc(server.openBrowser(), 'auth.register', { username: '!' });
    expect(answer.status).toBe(400);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.json()).toEqual({
      error: {
        code: -32600,
        message: 'Please fix the marked fields.',
        data: {
          code: 'BAD_REQUEST',
          httpStatus: 400,
          path: 'auth.register',
          reason: 'invalid-input',
          fieldErrors: {
            name: ['Please enter your name.'],
            email: ['Please enter your email address.'],
            username: [
              'A username has at least 3 characters.',
              'Use letters, digits, dots, dashes or underscores. Start with a letter or digit.',
            ],
            password: ['Please enter a password.'],
          },
        },
      },
    });
    expect(await server.database.User.count()).toBe(0);
  });

  // ASVS 6.1.2, 6.2.4, 6.2.11
  test('needs a password that is neither common nor the person’s own', async () => {
    await using server = await startTestServer(dialect);
    const client = createClient(server.openBrowser());
    for (const [reason, overrides] of guessablePasswords) {
      expect(await catchRefusal(client.auth.register.mutate(makePerson(overrides)))).toMatchObject({
        httpStatus: 400,
        reason,
        fieldErrors: { password: [messages[reason]] },
      });
    }
  });

  test('answers text that no database takes with 400 or takes it, and never fails', async () => {
    await using server = await startTestServer(dialect);
    for (const field of ['name', 'email', 'username', 'staySignedIn'] as const) {
      for (const text of notCleanTexts) {
        const answer = await postTrpc(server.openBrowser(), 'auth.register', {
          ...makePerson(),
          [field]: text,
        });
        expect([field, text, answer.status]).toEqual([field, text, 400]);
      }
    }
    const half = makePerson({ password: 'quiet lantern \ud800' });
    expect((await postTrpc(server.openBrowser(), 'auth.register', half)).status).toBe(400);
    expect(await server.database.User.count()).toBe(0);
  });

  test('takes a password with a NUL inside, and loses nothing after it', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server, { password: 'quiet\u0000lantern river' });
    const logIn = (password: string) =>
      client.auth.login.mutate({ identifier: person.email, password });
    expect(await catchRefusal(logIn('quiet\u0000lantern rivet'))).toMatchObject({
      httpStatus: 401,
    });
    expect(await catchRefusal(logIn('quiet'))).toMatchObject({ httpStatus: 401 });
    expect(await logIn(person.password)).toHaveProperty('user');
  });

  test('answers a body of any other shape with 400', async () => {
    await using server = await startTestServer(dialect);
    for (const body of oddBodies) {
      const answer = await postTrpc(server.openBrowser(), 'auth.register', body);
      expect([body, answer.status]).toEqual([body, 400]);
      expect(await answer.json(), JSON.stringify(body)).toMatchObject({
        error: { data: { reason: 'invalid-input' } },
      });
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  // ASVS 8.2.3
  test('gives nobody roles, an id or anything else that was slipped in', async () => {
    await using server = await startTestServer(dialect);
    const slippedIn = {
      roles: ['member'],
      id: '00000000-0000-4000-8000-000000000000',
      passwordHash: '$scrypt$x',
      disabledAt: '2020-01-01',
      createdAt: '2020-01-01',
    };
    const answer = await postTrpc(server.openBrowser(), 'auth.register', {
      ...makePerson(),
      ...slippedIn,
    });
    const { result } = (await answer.json()) as { result: { data: { user: { id: string } } } };
    const row = await server.database.User.findByPk(result.data.user.id, { rejectOnEmpty: true });
    expect(row.roles).toEqual([]);
    expect(row.id).not.toBe(slippedIn.id);
    expect(row.disabledAt).toBeNull();
    expect(row.createdAt.getFullYear()).toBeGreaterThan(2025);
  });
});
