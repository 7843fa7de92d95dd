import { stat } from 'node:fs/promises';
import { createTestDatabase, dialects, type TestDatabase } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { knownEndFile, readKnownEnd } from '../security-log/known-end.ts';
import { verifySecurityLog } from '../security-log/verify-security-log.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { runProgram } from '../testing/run-program.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

const email = 'ada@example.com';
const columns = { name: 'Ada', email, passwordHash: '$scrypt$ln=10,r=8,p=1$c2FsdA$aGFzaA' };

async function openPlace(place: TestDatabase) {
  const folder = await createTemporaryFolder({});
  const env = { DATABASE_URL: place.url, DATA_DIR: folder.path };
  return { folder, env, admin: (...args: string[]) => runAdmin(env, ...args) };
}

describe.each(dialects)('the operator’s commands of the log on %s', (dialect) => {
  // ASVS 16.2.2
  test('list what the operator did, to whom, and verify it', async () => {
    await using place = await createTestDatabase(dialect);
    const { folder, admin } = await openPlace(place);
    await using _folder = folder;
    const { id } = await place.database.User.create(columns);
    await place.database.User.create({ ...columns, email: 'eve@example.com' });
    await admin('user', 'grant', email, 'member');
    await admin('user', 'disable', 'eve@example.com');
    const listed = await admin('log', 'list', '--user', email, '--json');
    expect(JSON.parse(listed.stdout)).toEqual([
      {
        id: 1,
        at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        event: 'privilege_permissions_changed',
        outcome: 'role-given: member',
        times: 1,
        address: null,
        userId: id,
        email,
        isErased: false,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
    await admin('user', 'delete', email, '--yes');
    const { stdout: table } = await admin('log', 'list');
    expect(table.trim().split('\n')).toEqual([
      expect.stringMatching(/^ROW +TIME +EVENT/),
      expect.stringMatching(/^3 .* user_deleted .* \(erased\)$/),
      expect.stringMatching(/^2 .* user_updated +disabled-by-operator .* eve@example.com$/),
      expect.stringMatching(/^1 .* privilege_permissions_changed .* \(erased\)$/),
    ]);
    const whole = await admin('log', 'verify');
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toContain('whole: 3 rows, 2 of them about people who were deleted since.');
    const [, end = ''] = /Its end: (3:\w+)/.exec(whole.stdout) ?? [];
    await place.database.SecurityEvent.destroy({ where: { id: 3 } });
    const second = await place.database.SecurityEvent.findByPk(2, { rejectOnEmpty: true });
    await place.database.SecurityLogEnd.update({ lastId: 2, lastHash: second.hash }, { where: {} });
    expect(await admin('log', 'verify')).toMatchObject({ code: 0 });
    expect(await admin('log', 'verify', '--known-end', end)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Row 3 of the security log is missing/) as string,
    });
    expect(await admin('log', 'verify', '--known-end', 'x')).toMatchObject({ code: 2 });
    await place.database.sequelize.query("UPDATE security_events SET event = 'x' WHERE id = 2");
    expect(await admin('log', 'verify')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Row 2 of the security log was changed/) as string,
    });
  });

  test('find what a server noted that was cut off since, and a restored log is another one', async () => {
    await using place = await createTestDatabase(dialect);
    const { folder, env, admin } = await openPlace(place);
    await using _folder = folder;
    await place.database.User.create(columns);
    const backup = `${folder.path}/site.backup`;
    await admin('user', 'disable', email);
    await admin('backup', backup);
    await admin('user', 'enable', email);
    await using server = runProgram('main.ts', env);
    await server.waitForUrl();
    server.signal('SIGTERM');
    expect((await server.waitForEnd()).code).toBe(0);
    const settings = { dataDir: env.DATA_DIR, databaseUrl: env.DATABASE_URL };
    expect(await readKnownEnd(settings)).toMatchObject({ id: 2 });
    expect((await stat(knownEndFile(settings))).mode & 0o777).toBe(0o600);
    const { SecurityEvent, SecurityLogEnd } = place.database;
    await SecurityEvent.destroy({ where: { id: 2 } });
    const first = await SecurityEvent.findByPk(1, { rejectOnEmpty: true });
    await SecurityLogEnd.update({ lastId: 1, lastHash: first.hash }, { where: {} });
    const cut = await admin('log', 'verify');
    expect(cut).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Row 2 /) as string });
    const doctor = await admin('doctor', '--json');
    expect(doctor.stdout).toContain('row 2 is missing, and all after it up to row 2');
    await using later = runProgram('main.ts', env);
    await later.waitFor(/Row 2 of the security log is missing/);
    later.signal('SIGTERM');
    await later.waitForEnd();
    expect(await readKnownEnd(settings)).toMatchObject({ id: 2 });
    await admin('restore', backup, '--overwrite', '--yes');
    expect(await admin('log', 'verify')).toMatchObject({ code: 0 });
    expect(await verifySecurityLog(place.database)).toMatchObject({ outcome: 'whole', rows: 2 });
  });
});
