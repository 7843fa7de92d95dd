import { dialects } from '@latchkey/db/testing';
import { beforeEach, afterEach, describe, expect, test, vi } from 'vitest';
import { signUp } from '../testing/people.ts';
import { createResetLink } from '../testing/reset-link.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

type SignedUp = Awaited<ReturnType<typeof signUp>>;

const passMinutes = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

async function signUpBoth(server: TestServer) {
  const member = await signUp(server);
  const operator = await signUp(server);
  const { id } = operator.user;
  await server.database.User.update({ roles: ['operator'] }, { where: { id } });
  const page = `/operator/person?id=${member.user.id}`;
  /** Sends a form as its page has it; returns where it leads. */
  const send = async (action: string, fields: object = {}, path = '/operator/person') => {
    const form = { person: id, id: member.user.id, action, ...fields };
    const answer = await operator.browser.submit(path, form);
    return [answer.status, answer.headers.get('location')];
  };
  const read = async (path = page) => (await operator.browser.visit(path)).text();
  const change = (values: object) =>
    server.database.User.update(values, { where: { id: member.user.id } });
  return { member, operator, page, send, read, change };
}

const typedIn = (html: string, field: string) =>
  new RegExp(`<input[^>]*name="${field}"[^>]*>`).exec(html)?.[0];

/** What a cookie of the page says, as anybody may have written it. */
const writeCookie = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');

describe.each(dialects)('the forms of a person’s page on %s', (dialect) => {
  test.each([
    ['disable', {}, {}, 'person-disabled'],
    ['disable', { disabledAt: new Date() }, {}, 'nothing-changed'],
    ['enable', { disabledAt: new Date() }, {}, 'person-enabled'],
    ['grant-role', {}, { role: 'gold', until: '2026-12-31', reason: 'why' }, 'role-given'],
    ['grant-role', {}, { role: ' gold ', until: '', reason: ' ' }, 'role-given'],
    ['grant-role', {}, { role: 'glod' }, 'role-given-unknown'],
    ['grant-role', { roles: ['gold'] }, { role: 'gold' }, 'nothing-changed'],
    ['revoke-role', { roles: ['gold'] }, { removedRole: 'gold' }, 'role-taken'],
    ['revoke-role', {}, { removedRole: 'gold' }, 'nothing-changed'],
    ['end-sessions', {}, {}, 'person-signed-out'],
    ['end-session', {}, { session: 'x' }, 'session-gone'],
    ['remove-factors', {}, {}, 'nothing-changed'],
    ['make-reset-link', { disabledAt: new Date() }, {}, 'account-disabled'],
    ['approve', { waitingSince: new Date() }, {}, 'person-approved'],
    ['approve', {}, {}, 'not-waiting'],
    ['delete', {}, { email: 'somebody@example.com' }, 'email-mismatch'],
    ['delete', {}, { email: '' }, 'email-mismatch'],
    ['nothing', {}, {}, 'invalid-input'],
  ] as const)('%s of %j with %j says %s', async (action, before, fields, message) => {
    await using server = await startTestServer(dialect);
    const { page, send, change } = await signUpBoth(server);
    if (Object.keys(before).length > 0) await change(before);
    expect(await send(action, fields)).toEqual([303, `${page}#${message}`]);
  });

  test('lead to the list when there is nobody any more', async () => {
    await using server = await startTestServer(dialect);
    const { member, send, change } = await signUpBoth(server);
    await change({ waitingSince: new Date() });
    expect(await send('refuse')).toEqual([303, '/operator?show=waiting#person-refused']);
    expect(await server.database.User.findByPk(member.user.id)).toBeNull();
    expect(await send('disable')).toEqual([303, '/operator#person-gone']);
    expect(await send('delete', { email: member.person.email })).toEqual([
      303,
      '/operator#person-gone',
    ]);
    expect(await send('approve', {}, '/operator')).toEqual([
      303,
      '/operator?show=waiting#person-gone',
    ]);
  });

  test('delete a person whose email is typed, in any spelling', async () => {
    await using server = await startTestServer(dialect);
    const { member, send } = await signUpBoth(server);
    const email = ` ${member.person.email.toUpperCase()}`;
    expect(await send('delete', { email })).toEqual([303, '/operator#person-deleted']);
    expect(await server.database.User.findByPk(member.user.id)).toBeNull();
  });

  test('decide about who waits in the list, which says how many there are', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator, send, read, change } = await signUpBoth(server);
    await change({ waitingSince: new Date() });
    const list = await read('/operator');
    expect(list).toContain('Waiting (1)');
    expect(list).toContain(`href="/operator/person?id=${member.user.id}#waiting"`);
    expect(await send('approve', {}, '/operator')).toEqual([
      303,
      '/operator?show=waiting#person-approved',
    ]);
    expect(await read('/operator')).not.toContain('Waiting (');
    await server.database.User.bulkCreate(
      Array.from({ length: 100 }, (_, index) => ({
        name: 'Waits',
        email: `w${index}@example.com`,
        passwordHash: '$none',
        waitingSince: new Date(),
      })),
    );
    expect(await read('/operator')).toContain('Waiting (99+)');
    expect((await operator.client.operator.people.query()).waiting).toBe(100);
  });

  test('keep what was typed when it is faulty, and over a proof', async () => {
    await using server = await startTestServer(dialect);
    const { page, operator, read, send } = await signUpBoth(server);
    const typed = { role: 'No Role', until: '2020-01-01', reason: 'my "own" reason' };
    const expectTyped = (html: string) => {
      expect(typedIn(html, 'role')).toContain('value="No Role"');
      expect(typedIn(html, 'until')).toContain('value="2020-01-01"');
      expect(typedIn(html, 'reason')).toContain('value="my &quot;own&quot; reason"');
    };
    expect(await send('grant-role', typed)).toEqual([303, `${page}#invalid-input`]);
    const refused = await read();
    expectTyped(refused);
    expect(refused).toContain('A role has at most 30 lower-case letters');
    expect(refused).toContain('Please enter a day such as');
    expect(typedIn(await read(), 'role')).not.toContain('No Role');
    passMinutes(6);
    const next = new URLSearchParams({ next: `${page}#not-done` }).toString();
    const proof = `/operator/proof?${next}`;
    expect(await send('grant-role', typed)).toEqual([303, `${proof}#password-required`]);
    // A look at another page meanwhile.
    await read('/operator/proof');
    const { password: currentPassword } = operator.person;
    const proven = await operator.browser.submit(proof, {
      ...{ person: operator.user.id, next: `${page}#not-done` },
      currentPassword,
    });
    expect(proven.headers.get('location')).toBe(`${page}#not-done`);
    expectTyped(await read());
  });

  test('open the form of the role whose removal is not done yet, and no other', async () => {
    await using server = await startTestServer(dialect);
    const { send, read, change, operator } = await signUpBoth(server);
    await change({ roles: ['gold', 'member'] });
    const why = { removedRole: 'gold', removalReason: 'it is over' };
    passMinutes(6);
    await send('revoke-role', why);
    const { password: currentPassword } = operator.person;
    await operator.client.operator.prove.mutate({ currentPassword });
    const html = await read();
    expect(html.match(/<details open/g)).toHaveLength(1);
    expect(/<details open[^]*?<\/details>/.exec(html)?.[0]).toContain('value="it is over"');
    expect(/<input[^>]*id="reason"[^>]*>/.exec(html)?.[0]).not.toContain('it is over');
  });

  test('keep what was typed about one person from the page of another', async () => {
    await using server = await startTestServer(dialect);
    const { send, read } = await signUpBoth(server);
    const other = await signUp(server);
    await send('grant-role', { role: 'No Role' });
    expect(await read(`/operator/person?id=${other.user.id}`)).not.toContain('No Role');
  });

  test('show a new reset link once, and only one that is this person’s', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator, page, read, send } = await signUpBoth(server);
    expect(await send('make-reset-link')).toEqual([303, `${page}#reset-link-made`]);
    const html = await read();
    const code = /#token=([\w-]+)"/.exec(html)?.[1] ?? '';
    expect(html).toContain(`value="${code}"`);
    expect(html).toContain('27 November 2026, 12:30');
    expect(await read()).not.toContain(code);
    const { id } = member.user;
    const name = 'typed-operator-person';
    const show = (fields: object) => {
      operator.browser.cookies.set(name, writeCookie(fields));
      return read();
    };
    expect(await show({ id, newReset: code })).toContain(code);
    const foreign = await createResetLink(server, operator.user.id);
    for (const newReset of [foreign, 'x'.repeat(43), '']) {
      const shown = await show({ id, newReset });
      expect(shown).not.toContain('The new link');
      if (newReset) expect(shown).not.toContain(newReset);
    }
    passMinutes(31);
    const { password: currentPassword } = operator.person;
    await operator.client.operator.prove.mutate({ currentPassword });
    expect(await show({ id, newReset: code })).not.toContain(code);
  });

  test('offer what can be done now, and nothing for one’s own account', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator, read, change } = await signUpBoth(server);
    const actions = (html: string) =>
      [...html.matchAll(/name="action" value="([\w-]+)"/g)].map(([, action]) => action);
    const usual = ['disable', 'make-reset-link', 'grant-role', 'end-session', 'end-sessions'];
    expect(actions(await read())).toEqual([...usual, 'delete']);
    await change({ waitingSince: new Date(), disabledAt: new Date(), roles: ['gold'] });
    await server.database.Session.destroy({ where: { userId: member.user.id } });
    expect(actions(await read())).toEqual([
      ...['approve', 'refuse', 'enable', 'make-reset-link'],
      ...['revoke-role', 'grant-role', 'delete'],
    ]);
    const own = await read(`/operator/person?id=${operator.user.id}`);
    expect(actions(own)).toEqual([]);
    expect(own).toContain('This is your own account');
    expect(own).not.toContain('End this session');
  });

  test('act for nobody but the operator whose page it was', async () => {
    await using server = await startTestServer(dialect);
    const { member, page, send } = await signUpBoth(server);
    expect(await send('disable', { person: member.user.id })).toEqual([
      303,
      `${page}#other-person`,
    ]);
    const user = await server.database.User.findByPk(member.user.id, { rejectOnEmpty: true });
    expect(user.disabledAt).toBeNull();
  });

  test('are not there for anybody else', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const submit = ({ browser }: Pick<SignedUp, 'browser'>, path: string) =>
      browser.submit(path, { action: 'disable', id: operator.user.id });
    for (const browser of [member.browser, server.openBrowser()]) {
      const nothing = await submit({ browser }, '/nothing');
      const answer = await submit({ browser }, '/operator/person');
      expect([answer.status, await answer.text()]).toEqual([404, await nothing.text()]);
    }
  });
});
