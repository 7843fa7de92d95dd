/**
 * What a crash may not do: kill the server in the middle of many registrations and start it again.
 * Whoever was answered with success is still signed in and can log in; whoever was not has a whole
 * account or none; the database is sound.
 *
 * usage: node bench/faults/kill-during-registrations.ts [COUNT] [--postgres]
 *
 * DATABASE_URL names another database, which keeps the accounts; --postgres starts one for this run.
 * PASSWORD_SCRYPT_LOG2N makes it quick.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithSignals } from '../server/end-with-signals.ts';
import { inventPeople } from '../server/people.ts';
import { startPostgres } from '../server/start-postgres.ts';
import { startServer } from '../server/start-server.ts';
import { createTemporaryFolder } from '../server/temporary-folder.ts';
import { checkOutcomes } from './check-outcomes.ts';
import { checkSqliteFile } from './check-sqlite-file.ts';
import { registerUntilKilled, type Outcome } from './register-until-killed.ts';

const DEFAULT_COUNT = 200;
/** The kill comes after a share of the answers between these, so that work is under way. */
const EARLIEST_SHARE = 0.3;
const LATEST_SHARE = 0.7;

async function run(count: number, databaseUrl: string): Promise<string[]> {
  await using folder = await createTemporaryFolder();
  const settings = {
    DATA_DIR: folder.path,
    DATABASE_URL: databaseUrl,
    PASSWORD_SCRYPT_LOG2N: process.env['PASSWORD_SCRYPT_LOG2N'] ?? '',
  };
  const checkFile = (when: string) =>
    databaseUrl === '' ? checkSqliteFile(join(folder.path, 'latchkey.sqlite'), when) : [];
  const share = EARLIEST_SHARE + Math.random() * (LATEST_SHARE - EARLIEST_SHARE);
  const first = await startServer(settings);
  const outcomes = await registerUntilKilled(first, inventPeople(count), Math.ceil(count * share));
  await first.kill();
  const countOf = (state: Outcome['state']) => outcomes.filter((one) => one.state === state).length;
  console.log(
    `Killed: ${countOf('answered')} registrations answered, ${countOf('unanswered')} under way, ` +
      `${countOf('refused')} refused, ${countOf('unsent')} not sent.`,
  );
  const notMidway = countOf('unanswered') === 0 ? ['The kill met no registration under way.'] : [];
  // Not before the restart: whoever opens the file first recovers it, and that is the server's part.
  // At the same port, which cookies on localhost have in their names.
  const { port } = new URL(first.address);
  await using second = await startServer({ ...settings, PORT: port });
  const faults = [...notMidway, ...checkFile('after the restart')];
  faults.push(...(await checkOutcomes(second, outcomes)));
  await second.kill();
  return [...faults, ...checkFile('after a second kill')];
}

endWithSignals();
const { values, positionals } = parseArgs({
  options: { postgres: { type: 'boolean', default: false } },
  allowPositionals: true,
});
await using postgres = values.postgres ? await startPostgres() : null;
const faults = await run(
  Number(positionals[0] ?? DEFAULT_COUNT),
  postgres?.url ?? process.env['DATABASE_URL'] ?? '',
);
for (const fault of faults) console.error(`FAULT ${fault}`);
console.log(
  faults.length === 0 ? 'Nothing was lost and nothing is half there.' : `${faults.length} faults.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
