import { openDatabase, type Dialect } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** What a process does with passwords, held until it is told to go on. */
function holdPasswords({ deps }: TestServer) {
  const { passwords } = deps;
  const verify = passwords.verify.bind(passwords);
  const gate = Promise.withResolvers<null>();
  const reached = Promise.withResolvers<null>();
  let held = 0;
  passwords.verify = async (...password) => {
    held += 1;
    if (held === 5) reached.resolve(null);
    await gate.promise;
    return verify(...password);
  };
  return { fiveAreHeld: reached.promise, release: gate.resolve };
}

async function startTwo(dialect: Dialect) {
  await using undo = new AsyncDisposableStack();
  const one = undo.use(await startTestServer(dialect));
  const database = await openDatabase(one.deps.settings.databaseUrl);
  undo.defer(() => database.close());
  const other = undo.use(await startTestServer(dialect, {}, { database }));
  const undoLater = undo.move();
  return { one, other, [Symbol.asyncDispose]: () => undoLater.disposeAsync() };
}

/** From a new address. */
async function logIn(server: TestServer, input: { identifier: string; password: string }) {
  const answer = await postTrpc(server.openBrowser(), 'auth.login', input);
  return answer.status;
}

const times = <Result>(count: number, work: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, work));
const fill = (length: number, status: number) => Array<number>(length).fill(status);

/** Fulfils once a process has looked three times whether an attempt of its own may begin. */
function afterThreeLooks({ database }: TestServer): Promise<void> {
  let looks = 0;
  return new Promise((resolve) => {
    database.RateLimit.addHook('afterFind', () => {
      looks += 1;
      // The first one of a log-in is that of its address, which has room.
      if (looks === 5) resolve();
    });
  });
}

describe.each(dialects)('log-ins at once to two processes on %s', (dialect: Dialect) => {
  test('to one account all succeed when they are right', async () => {
    await using two = await startTwo(dialect);
    const { one, other } = two;
    const { person } = await signUp(one);
    const right = { identifier: person.email, password: person.password };
    const passwords = holdPasswords(one);
    const five = times(5, () => logIn(one, right));
    await passwords.fiveAreHeld;
    const looked = afterThreeLooks(other);
    const ten = times(10, () => logIn(other, right));
    await Promise.race([looked, ten]);
    passwords.release(null);
    expect(await five).toEqual(fill(5, 200));
    expect(await ten).toEqual(fill(10, 200));
  });

  test('from one address all succeed when they are right', async () => {
    await using two = await startTwo(dialect);
    const { one, other } = two;
    const people = [];
    while (people.length < 12) people.push((await signUp(one)).person);
    const statuses = await Promise.all(
      people.map(async ({ email, password }, index) => {
        const input = { identifier: email, password };
        const headers = { 'x-forwarded-for': '203.0.113.9' };
        const at = index % 2 ? one : other;
        return (await postTrpc(at.openBrowser(), 'auth.login', input, headers)).status;
      }),
    );
    expect(statuses).toEqual(fill(12, 200));
  });

  test.each(['somebody', 'nobody'])('fail five times, and no more: %s', async (who) => {
    await using two = await startTwo(dialect);
    const { person } = await signUp(two.one);
    const identifier = who === 'somebody' ? person.email : makePerson().email;
    const wrong = { identifier, password: 'a wrong password' };
    const statuses = await Promise.all([
      times(30, () => logIn(two.one, wrong)),
      times(30, () => logIn(two.other, wrong)),
    ]);
    expect(statuses.flat().sort()).toEqual([...fill(5, 401), ...fill(55, 429)]);
  });

  test('are refused when five under way were wrong', async () => {
    await using two = await startTwo(dialect);
    const { one, other } = two;
    const { person } = await signUp(one);
    const { email: identifier, password } = person;
    const passwords = holdPasswords(one);
    const five = times(5, () => logIn(one, { identifier, password: 'a wrong password' }));
    await passwords.fiveAreHeld;
    const looked = afterThreeLooks(other);
    const right = logIn(other, { identifier, password });
    await Promise.race([looked, right]);
    passwords.release(null);
    expect(await five).toEqual(fill(5, 401));
    expect(await right).toBe(429);
  });
});
