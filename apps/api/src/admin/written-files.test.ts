import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { runAdmin, runAdminWithoutRoom } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

const commands = [['backup'], ['user', 'export']];

describe.each(dialects)('a file of the command line on %s', (dialect) => {
  test('that finds no room is taken away again, and what to do is said', async () => {
    await using place = await createTestDatabase(dialect);
    await using folder = await createTemporaryFolder({});
    const people = Array.from({ length: 1000 }, () => ({
      name: 'Ada',
      email: `${randomUUID()}@example.com`,
      passwordHash: '$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.',
    }));
    await place.database.User.bulkCreate(people);
    for (const command of commands) {
      const file = join(folder.path, 'all.csv');
      const env = { DATABASE_URL: place.url };
      const { code, stderr } = await runAdminWithoutRoom(100, env, ...command, file);
      expect(code, stderr).toBe(1);
      expect(stderr, JSON.stringify(command)).toMatch(
        /all\.csv could not be written \(\w+\)\. Nothing .* the disk has space/,
      );
      expect(await readdir(folder.path), command.join(' ')).toEqual([]);
    }
  });

  test('is no folder', async () => {
    await using place = await createTestDatabase(dialect);
    await using folder = await createTemporaryFolder({ 'taken.csv/inside': '' });
    for (const [name, ...command] of [
      ['taken.csv', 'backup'],
      ['new/', 'backup'],
      ['taken.csv', 'user', 'export'],
    ] as const) {
      const args = [...command, `${folder.path}/${name}`, '--overwrite'];
      const { code, stderr } = await runAdmin({ DATABASE_URL: place.url }, ...args);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`${name} is a folder.`)]);
    }
    expect(await readdir(folder.path)).toEqual(['taken.csv']);
  });
});
