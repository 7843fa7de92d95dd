import { callApi, createSend, createMember, expect, readCookies, test } from './fixtures/http.ts';
import { createPerson } from './fixtures/people.ts';

type Answer = {
  result?: { data: unknown };
  error?: {
    message: string;
    data: {
      code: string;
      httpStatus: number;
      reason: string;
      fieldErrors?: Record<string, string[]>;
    };
  };
};

const read = async (answer: Response) => (await answer.json()) as Answer;

// ASVS 14.2.6
test('register answers with the person and nothing internal, and signs in', async ({
  send,
  server,
}) => {
  const person = createPerson();
  const answer = await callApi(send, server.origin, 'auth.register', person);
  expect(answer.status).toBe(200);
  const { result } = await read(answer);
  const { user } = result?.data as { user: Record<string, unknown> };
  expect(Object.keys(user).sort()).toEqual([
    'createdAt',
    'email',
    'id',
    'name',
    'roles',
    'username',
  ]);
  expect(user).toMatchObject({ name: person.name, email: person.email, username: person.username });
  const cookie = readCookies(answer);
  const session = await createSend(server.origin, { cookie })('/trpc/auth.session');
  const signedIn = (await read(session)).result?.data as { user: unknown; session: object };
  expect(signedIn.user).toEqual(user);
  expect(JSON.stringify(signedIn)).not.toMatch(/hash|token|scrypt/i);
});

test('login takes an email or a username', async ({ send, server }) => {
  const { person } = await createMember(server.origin);
  for (const identifier of [person.email, person.username]) {
    const { password } = person;
    const answer = await callApi(send, server.origin, 'auth.login', { identifier, password });
    expect(answer.status, identifier).toBe(200);
    expect((await read(answer)).result?.data, identifier).toMatchObject({
      user: { email: person.email },
    });
    expect(readCookies(answer), identifier).toMatch(/\bsession(-\d+)?=[\w-]{40,}/);
  }
});

test('a visitor’s session is null and no error', async ({ send }) => {
  const answer = await send('/trpc/auth.session');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ result: { data: null } });
});

test('logout ends the session', async ({ server }) => {
  const { cookie } = await createMember(server.origin);
  const send = createSend(server.origin, { cookie });
  const answer = await callApi(send, server.origin, 'auth.logout');
  expect(answer.status).toBe(200);
  expect((await read(answer)).result?.data).toEqual({});
  expect(answer.headers.get('clear-site-data')).toBe('"storage"');
  expect((await read(await send('/trpc/auth.session'))).result?.data).toBe(null);
});

test('the members’ content is for members', async ({ send, sendAsMember }) => {
  const refused = await send('/trpc/secrets.list');
  expect(refused.status).toBe(401);
  expect((await read(refused)).error?.data.reason).toBe('sign-in-required');
  const given = await sendAsMember('/trpc/secrets.list');
  expect(given.status).toBe(200);
  expect(JSON.stringify((await read(given)).result?.data).length).toBeGreaterThan(100);
});

test('bad input is told by field', async ({ send, server }) => {
  const answer = await callApi(send, server.origin, 'auth.register', {
    name: ' ',
    email: 'ada',
    username: 'a',
    password: 'short',
  });
  expect(answer.status).toBe(400);
  const { error } = await read(answer);
  expect(error?.data).toMatchObject({
    code: 'BAD_REQUEST',
    httpStatus: 400,
    reason: 'invalid-input',
  });
  expect(Object.keys(error?.data.fieldErrors ?? {}).sort()).toEqual([
    'email',
    'name',
    'password',
    'username',
  ]);
  expect(JSON.stringify(error)).not.toMatch(/stack|\.ts:/);
});

/** What is sent, and the status and reason that it is refused with. */
const refusals: [
  title: string,
  procedure: string,
  body: string,
  status: number,
  reason?: string,
][] = [
  ['no JSON', 'auth.login', '{', 400, 'invalid-input'],
  ['no object', 'auth.login', '"text"', 400, 'invalid-input'],
  ['numbers for text', 'auth.login', '{"identifier":1,"password":2}', 400, 'invalid-input'],
  [
    'an unknown account',
    'auth.login',
    '{"identifier":"nobody","password":"x"}',
    401,
    'invalid-credentials',
  ],
  ['more than it takes', 'auth.login', `"${'x'.repeat(100_000)}"`, 413, 'too-large'],
  ['an unknown procedure', 'auth.nothing', '{}', 404, 'not-found'],
];

for (const [title, procedure, body, status, reason] of refusals) {
  test(`${title} is answered with ${status}`, async ({ send, server }) => {
    const answer = await send(`/trpc/${procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.origin },
      body,
    });
    expect(answer.status).toBe(status);
    const { error } = await read(answer);
    expect(error?.data.reason).toBe(reason);
    expect(JSON.stringify(error)).not.toMatch(/stack|\.ts:|node_modules/);
  });
}

test('a taken email is answered with 409, in any case', async ({ send, server }) => {
  const { person } = await createMember(server.origin);
  const second = createPerson({ email: person.email.toUpperCase() });
  const answer = await callApi(send, server.origin, 'auth.register', second);
  expect(answer.status).toBe(409);
  expect((await read(answer)).error?.data).toMatchObject({
    code: 'CONFLICT',
    reason: 'email-taken',
  });
});

test('two registrations of one email at once make one account', async ({ send, server }) => {
  const { email } = createPerson();
  const people = [1, 2, 3, 4].map(() => createPerson({ email }));
  const answers = await Promise.all(
    people.map((person) => callApi(send, server.origin, 'auth.register', person)),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 409, 409, 409]);
});

test('guessing is answered with 429 and the time to wait, for the right password too', async ({
  send,
  server,
}) => {
  const { person } = await createMember(server.origin);
  const identifier = person.email;
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const password = `wrong password ${attempt}`;
    const answer = await callApi(send, server.origin, 'auth.login', { identifier, password });
    expect(answer.status).toBe(401);
  }
  const { password } = person;
  const answer = await callApi(send, server.origin, 'auth.login', { identifier, password });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await read(answer)).error?.data.reason).toBe('too-many-attempts');
});

test('other origins may call only where they are allowed', async ({ send, startOwnServer }) => {
  const partner = 'https://partner.example';
  const { origin } = await startOwnServer({ ALLOWED_ORIGINS: partner });
  const allowed = await callApi(createSend(origin), partner, 'auth.register', createPerson());
  expect(allowed.status).toBe(200);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(partner);
  expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
  const refused = await callApi(
    createSend(origin),
    'https://evil.example',
    'auth.register',
    createPerson(),
  );
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
  const notAsked = await callApi(send, partner, 'auth.register', createPerson());
  expect(notAsked.status).toBe(403);
});
