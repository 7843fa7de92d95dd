import * as crypto from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { chooseEngine, createPasswordHasher, QueueFullError } from './password-hasher.ts';
import { parsePhcString } from './phc-string.ts';
import type { VerifyPasswordTask } from './verify-password.ts';

const cheap = { PASSWORD_SCRYPT_LOG2N: '10' };

function openHasher(env: Record<string, string> = {}) {
  const hasher = createPasswordHasher(parseSettings({ ...cheap, ...env }).password);
  return Object.assign(hasher, { [Symbol.asyncDispose]: () => hasher.close() });
}

/** Records each task of the worker threads, and lets it run. */
function watchTasks(): () => VerifyPasswordTask[] {
  const run = vi.spyOn(Piscina.prototype, 'run');
  return () => run.mock.calls.map(([task]) => task as VerifyPasswordTask);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(['native', 'scrypt-js'])('the hasher with the engine %s', (engine) => {
  const env = { PASSWORD_ENGINE: engine };

  test('knows the password again, and no other', async () => {
    await using hasher = openHasher(env);
    const stored = await hasher.hash('quiet lantern');
    const verify = async (password: string) => (await hasher.verify(password, stored)).isMatch;
    expect(await verify('quiet lantern')).toBe(true);
    for (const wrong of ['Quiet lantern', 'quiet lantern ', '', 'quiet lanter']) {
      expect(await verify(wrong), wrong).toBe(false);
    }
  });

  // ASVS 11.4.2
  test('writes a new salt, 32 bytes of key and the cost of the settings', async () => {
    await using hasher = openHasher({ ...env, PASSWORD_SCRYPT_R: '4', PASSWORD_SCRYPT_P: '2' });
    const [one, other] = [await hasher.hash('same'), await hasher.hash('same')].map(parsePhcString);
    expect(one).toMatchObject({ cost: { log2N: 10, r: 4, p: 2 } });
    expect([one?.salt.length, one?.key.length]).toEqual([16, 32]);
    expect(one?.salt).not.toEqual(other?.salt);
  });

  test('takes the composed and the decomposed spelling for the same', async () => {
    await using hasher = openHasher(env);
    const stored = await hasher.hash('caf\u00e9 lantern');
    expect(await hasher.verify('cafe\u0301 lantern', stored)).toMatchObject({ isMatch: true });
    expect(await hasher.verify('cafe lantern', stored)).toMatchObject({ isMatch: false });
  });

  test('verifies what the other engine hashed', async () => {
    await using hasher = openHasher(env);
    const otherEngine = engine === 'native' ? 'scrypt-js' : 'native';
    await using other = openHasher({ PASSWORD_ENGINE: otherEngine });
    const stored = await other.hash('密码 👩🏽‍🚀 lantern');
    expect(await hasher.verify('密码 👩🏽‍🚀 lantern', stored)).toMatchObject({ isMatch: true });
  });

  test('leaves the event loop free while it hashes', async () => {
    await using hasher = openHasher({ ...env, PASSWORD_SCRYPT_LOG2N: '14' });
    await hasher.hash('the first one starts the thread');
    const hashing = hasher.hash('quiet lantern').then(() => 'done');
    let ticks = 0;
    while ((await Promise.race([hashing, nextTick('tick')])) === 'tick') ticks += 1;
    expect(ticks).toBeGreaterThan(10);
  });
});

describe('the work of one attempt', () => {
  test('is one task: right, wrong, unknown account, or what is no hash', async () => {
    await using hasher = openHasher();
    await hasher.measure();
    const stored = await hasher.hash('right');
    for (const [password, hash] of [
      ['right', stored],
      ['wrong', stored],
      ['right', null],
      ['right', '$2b$12$of-another-program'],
    ] as const) {
      const tasks = watchTasks();
      await hasher.verify(password, hash);
      expect(tasks(), password).toHaveLength(1);
      expect(tasks()[0], password).toMatchObject({ cost: { log2N: 10, r: 8, p: 1 } });
      vi.restoreAllMocks();
    }
  });

  test.each([
    { PASSWORD_SCRYPT_LOG2N: '10' },
    { PASSWORD_SCRYPT_LOG2N: '10', PASSWORD_SCRYPT_P: '3' },
    { PASSWORD_SCRYPT_LOG2N: '15' },
  ])('is filled up for each failure, where the stored cost is %j', async (former) => {
    await using formerHasher = openHasher(former);
    await using hasher = openHasher({ PASSWORD_SCRYPT_LOG2N: '12' });
    const stored = await formerHasher.hash('right');
    await hasher.verify('wrong', stored);
    const tasks = watchTasks();
    await hasher.verify('wrong', stored);
    await hasher.verify('wrong', null);
    expect(tasks()).toHaveLength(2);
    for (const { failureMs } of tasks()) expect(failureMs).toBeGreaterThan(0);
  });

  test('counts the right password of a disabled account as a failure', async () => {
    await using hasher = openHasher();
    const stored = await hasher.hash('right');
    const tasks = watchTasks();
    const result = await hasher.verify('right', stored, { mayOpen: false });
    expect(result).toEqual({ isMatch: true, needsRehash: false });
    expect(tasks().at(-1)).toMatchObject({ mayOpen: false });
  });
});

describe('a raised cost', () => {
  test.each([
    [{ PASSWORD_SCRYPT_LOG2N: '11' }, true],
    [{ PASSWORD_SCRYPT_P: '2' }, true],
    [{ PASSWORD_SCRYPT_R: '9' }, true],
    [{}, false],
    [{ PASSWORD_SCRYPT_R: '7' }, false],
  ])('%j asks for a new hash: %s', async (raised, needsRehash) => {
    await using former = openHasher();
    await using hasher = openHasher(raised);
    const stored = await former.hash('right');
    expect(await hasher.verify('right', stored)).toEqual({ isMatch: true, needsRehash });
    expect(await hasher.verify('wrong', stored)).toEqual({ isMatch: false, needsRehash: false });
  });
});

test('a full queue is told from a fault, and empties again', async () => {
  await using hasher = openHasher({
    PASSWORD_SCRYPT_LOG2N: '13',
    PASSWORD_CONCURRENCY: '1',
    PASSWORD_QUEUE: '2',
  });
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, () => hasher.verify('p', null)),
  );
  const refused = attempts.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(20);
  for (const { reason } of refused as PromiseRejectedResult[]) {
    expect(reason).toBeInstanceOf(QueueFullError);
  }
  expect(await hasher.verify('p', await hasher.hash('p'))).toMatchObject({ isMatch: true });
});

test('Node’s engine is taken where there is one, and each can be asked for', () => {
  expect(chooseEngine('auto')).toBe('native');
  expect(chooseEngine('native')).toBe('native');
  expect(chooseEngine('scrypt-js')).toBe('scrypt-js');
});

test('scrypt-js takes over where Node has no scrypt', async () => {
  vi.doMock('node:crypto', () => ({
    ...crypto,
    scryptSync: () => {
      throw new Error('unsupported');
    },
  }));
  vi.resetModules();
  const { chooseEngine: chooseAnew } = await import('./password-hasher.ts');
  expect(chooseAnew('auto')).toBe('scrypt-js');
  vi.doUnmock('node:crypto');
});
