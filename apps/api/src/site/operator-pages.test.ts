import { randomBytes } from 'node:crypto';
import { dialects } from '@latchkey/db/testing';
import { beforeEach, afterEach, describe, expect, test, vi } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { signUp } from '../testing/people.ts';
import { listProcedures } from '../testing/list-procedures.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const passMinutes = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

async function signUpWith(server: TestServer, roles: string[], roleEnds = {}) {
  const signedUp = await signUp(server);
  const { id } = signedUp.user;
  await server.database.User.update({ roles, roleEnds }, { where: { id } });
  return signedUp;
}

/** A row of somebody. The hash is of no password. */
function sampleUser<Values extends object>(values: Values) {
  const email = `x-${randomBytes(6).toString('hex')}@example.com`;
  return { name: 'Nobody', email, passwordHash: '$scrypt$ln=17,r=8,p=1$c2FsdA$aGFzaA', ...values };
}

const signUpOperator = (server: TestServer) => signUpWith(server, ['operator']);

/** What may differ from one answer to the next. */
const isOfMoment = (name: string) => ['date', 'etag', 'x-request-id'].includes(name);

async function describeAnswer(answer: Response) {
  const headers = [...answer.headers].filter(([name]) => !isOfMoment(name));
  return { status: answer.status, headers, body: await answer.text() };
}

const where = (answer: Response) => [answer.status, answer.headers.get('location')];

const pages = [
  ...['/operator', '/operator/person', '/operator/proof'],
  ...['/operator/health', '/operator/figures'],
  ...['/operator/invitations', '/operator/log', '/operator/mail'],
];
const procedures = listProcedures().filter(({ path }) => path.startsWith('operator.'));
const spellings = [
  '/operator/',
  '/operator.html',
  '/operator/index.html',
  '/%6fperator',
  '/operator?show=roles',
];

describe.each(dialects)('the operator’s pages on %s', (dialect) => {
  // ASVS 8.2.1, 8.3.1
  test.each([
    ['a visitor', null],
    ['a member', []],
    ['somebody with other roles', ['member', 'operators']],
  ])('are not there for %s', async (_who, roles) => {
    await using server = await startTestServer(dialect, { SECOND_FACTOR_REQUIRED: 'all' });
    const browser = roles ? (await signUpWith(server, roles)).browser : server.openBrowser();
    const nothing = await describeAnswer(await browser.visit('/nothing'));
    expect(nothing.status).toBe(404);
    for (const path of [...pages, ...spellings]) {
      expect(await describeAnswer(await browser.visit(path)), path).toEqual(nothing);
    }
    const posted = await describeAnswer(await browser.submit('/nothing', { next: '/' }));
    for (const path of pages) {
      expect(await describeAnswer(await browser.submit(path, { next: '/' })), path).toEqual(posted);
      const put = await browser.fetch(path, {
        method: 'PUT',
        headers: { origin: server.deps.settings.publicOrigin },
      });
      expect(put.status, path).toBe(404);
    }
    expect(procedures.length).toBeGreaterThan(8);
    for (const { path, isQuery } of procedures) {
      const answer = isQuery
        ? await browser.fetch(`/trpc/${path}`)
        : await postTrpc(browser, path, {});
      expect(answer.status, path).toBe(404);
      expect(await answer.text()).toContain('"reason":"not-found"');
    }
  });

  test('close in the second in which the role ends or is taken', async () => {
    await using server = await startTestServer(dialect);
    const end = new Date(Date.now() + 60_000).toISOString();
    const { browser, user } = await signUpWith(server, [], { operator: end });
    expect((await browser.visit('/operator')).status).toBe(200);
    passMinutes(1);
    expect((await browser.visit('/operator')).status).toBe(404);
    const { User } = server.database;
    await User.update({ roles: ['operator'] }, { where: { id: user.id } });
    expect((await browser.visit('/operator')).status).toBe(200);
    await User.update({ roles: [] }, { where: { id: user.id } });
    expect((await browser.visit('/operator')).status).toBe(404);
    expect((await browser.fetch('/trpc/operator.people')).status).toBe(404);
  });

  test('ask for the password after five minutes, and go on where the operator was going', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person, user } = await signUpOperator(server);
    expect((await browser.visit('/operator')).status).toBe(200);
    passMinutes(6);
    const next = '/operator?show=roles';
    const way = `/operator/proof?${new URLSearchParams({ next }).toString()}`;
    expect(where(await browser.visit(next))).toEqual([302, `${way}#password-required`]);
    expect((await browser.fetch('/trpc/operator.people')).status).toBe(403);
    const html = await (await browser.visit(way)).text();
    expect(html).toContain('Current password');
    expect(html).toContain(`name="next" value="${next}"`);
    const send = (fields: object) =>
      browser.submit('/operator/proof', { person: user.id, next, ...fields });
    expect(where(await send({}))).toEqual([303, `${way}#password-required`]);
    const wrong = { currentPassword: 'not this one at all' };
    expect(where(await send(wrong))).toEqual([303, `${way}#wrong-password`]);
    const right = { currentPassword: person.password };
    expect(where(await send(right))).toEqual([303, next]);
    expect((await browser.visit(next)).status).toBe(200);
    expect(where(await send({ ...right, next: 'https://evil.example' }))).toEqual([
      303,
      '/operator',
    ]);
    expect(where(await send({ ...right, next: '/dashboard' }))).toEqual([303, '/operator']);
  });

  test('ask for the second factor where there is one', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client, person, user } = await signUpOperator(server);
    const app = await setUpApp(client);
    expect((await browser.visit('/operator')).status).toBe(200);
    passMinutes(6);
    const way = '/operator/proof?next=%2Foperator';
    expect(where(await browser.visit('/operator'))).toEqual([302, `${way}#code-required`]);
    expect(await (await browser.visit(way)).text()).toContain('Code</label>');
    const send = (currentPassword: string) =>
      browser.submit('/operator/proof', { person: user.id, currentPassword });
    expect(where(await send(person.password))).toEqual([303, `${way}#code-required`]);
    expect(where(await send(app.showCode()))).toEqual([303, '/operator']);
    expect((await browser.visit('/operator')).status).toBe(200);
  });

  test('list 3,000 people in pages of 50, each once, the newest first', async () => {
    await using server = await startTestServer(dialect);
    const { User } = server.database;
    const start = Date.now() - 10_000_000;
    const rows = Array.from({ length: 3000 }, (_, index) =>
      // Some of the same moment: the id decides.
      sampleUser({ name: `P${index}`, createdAt: new Date(start + Math.floor(index / 7) * 1000) }),
    );
    await User.bulkCreate(rows);
    const { client } = await signUpOperator(server);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; cursor = seen.at(-1)) {
      const page = await client.operator.people.query(cursor === undefined ? {} : { cursor });
      seen.push(...page.people.map(({ id }) => id));
      if (!page.isMore) break;
      expect(page.people).toHaveLength(50);
    }
    const order: [string, string][] = [
      ['createdAt', 'DESC'],
      ['id', 'DESC'],
    ];
    const all = await User.findAll({ attributes: ['id'], order });
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test.each([
    ['ada', ['Ada Byron', 'Grace']],
    ['ADA B', ['Ada Byron']],
    ['grace@bücher', ['Grace']],
    ['turing', ['Alan']],
    ['100%', ['100% Real']],
    ['_', []],
    ['byron', []],
  ])('find who begins with %j', async (search, names) => {
    await using server = await startTestServer(dialect);
    await server.database.User.bulkCreate([
      sampleUser({ name: 'Ada Byron', email: 'countess@example.com' }),
      sampleUser({ name: 'Grace', email: 'grace@xn--bcher-kva.example', username: 'Adamant' }),
      sampleUser({ name: 'Alan', email: 'turing@example.com' }),
      sampleUser({ name: '100% Real', email: 'real@example.com' }),
    ]);
    const { client, user } = await signUpOperator(server);
    await server.database.User.update(
      { name: 'Zed', email: 'z@example.com', username: null },
      { where: { id: user.id } },
    );
    const { people } = await client.operator.people.query({ search });
    expect(people.map(({ name }) => name).toSorted()).toEqual(names);
  });

  test('show those who wait, who are disabled and who have a role', async () => {
    await using server = await startTestServer(dialect);
    const now = new Date();
    await server.database.User.bulkCreate([
      sampleUser({ name: 'Waits', waitingSince: now }),
      sampleUser({ name: 'Disabled', disabledAt: now }),
      sampleUser({ name: 'Gold', roleEnds: { gold: '2999-01-01T00:00:00.000Z' } }),
      sampleUser({ name: 'Nobody' }),
    ]);
    const { client, user } = await signUpOperator(server);
    const list = async (show: 'waiting' | 'disabled' | 'roles', search?: string) => {
      const { people } = await client.operator.people.query({ show, ...(search && { search }) });
      return people.map(({ name }) => name).toSorted();
    };
    expect(await list('waiting')).toEqual(['Waits']);
    expect(await list('disabled')).toEqual(['Disabled']);
    expect(await list('roles')).toEqual([user.name, 'Gold'].toSorted());
    expect(await list('roles', 'g')).toEqual(['Gold']);
    expect(await list('disabled', 'g')).toEqual([]);
  });

  test('show a person as text, with what is known of them', async () => {
    await using server = await startTestServer(dialect);
    const { browser, user } = await signUpOperator(server);
    const { database } = server;
    const ada = await database.User.create(
      sampleUser({
        name: '<b>Ada</b>',
        roles: ['gold'],
        roleEnds: { silver: '2999-01-01T00:00:00.000Z' },
      }),
    );
    const end = new Date(Date.now() + 3_600_000);
    await database.Session.create({
      ...{ userId: ada.id, tokenHash: 'a'.repeat(64), staySignedIn: false, address: '192.0.2.7' },
      ...{
        authenticatedAt: new Date(),
        lastSeenAt: new Date(),
        idleExpiresAt: end,
        expiresAt: end,
      },
    });
    for (let index = 0; index < 45; index += 1) {
      const at = new Date(Date.now() - index * 1000);
      await database.Activity.create({
        userId: ada.id,
        event: 'logged-in',
        createdAt: at,
        address: `192.0.2.${index}`,
      });
    }
    const list = await (await browser.visit('/operator')).text();
    expect(list).toContain(`href="/operator/person?id=${ada.id}"`);
    const html = await (await browser.visit(`/operator/person?id=${ada.id}`)).text();
    expect(html).toContain('&lt;b&gt;Ada&lt;/b&gt;');
    expect(html).not.toContain('<b>Ada');
    expect(html).toContain(ada.email);
    for (const text of ['Gold member', 'silver', '1 January 2999', '192.0.2.7'])
      expect(html).toContain(text);
    const more = /href="(\/operator\/person\?id=[^"#]*after=[^"#]*)/.exec(html)?.[1] ?? '';
    const older = await (await browser.visit(more.replaceAll('&amp;', '&'))).text();
    expect(older).toContain('192.0.2.20<');
    expect(older).not.toContain('192.0.2.19<');
    await server.deps.securityLog.flush();
    const read = await database.SecurityEvent.findOne({
      where: { event: 'sensitive_read' },
      include: 'source',
    });
    expect(read?.source?.userId).toBe(user.id);
    for (const id of ['', 'x', '00000000-0000-4000-8000-000000000000']) {
      expect((await browser.visit(`/operator/person?id=${id}`)).status, id).toBe(404);
    }
  });

  test('keep a query that cannot be understood from failing', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUpOperator(server);
    for (const query of [
      'show=x',
      'after=x',
      `search=${'a'.repeat(300)}`,
      'search=%00',
      'search=%ff',
    ]) {
      expect((await browser.visit(`/operator?${query}`)).status, query).toBe(200);
    }
  });
});
