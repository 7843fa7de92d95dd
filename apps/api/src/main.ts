import type { AddressInfo } from 'node:net';
import { migrate, openDatabase } from '@latchkey/db';
import { purgeOldActivities } from './activity/list-activities.ts';
import { endOnSignals } from './graceful-end.ts';
import { purgeOldReads } from './articles/reads.ts';
import { purgeExpiredLimits } from './limits/limiter.ts';
import { createLog } from './log.ts';
import { purgeExpiredPasswordResets } from './password-resets/password-reset.ts';
import { buildServer, createServerDeps } from './server.ts';
import { purgeExpiredSessions } from './sessions/session.ts';
import { followPort, loadSettings } from './settings.ts';
import { describeStartFault } from './start-fault.ts';

const PURGE_INTERVAL_MS = 3_600_000;

async function main(): Promise<void> {
  const settings = loadSettings();
  const log = createLog(settings);
  for (const sentence of settings.warnings) log.warn(sentence);
  const database = await openDatabase(settings.databaseUrl);
  await migrate(database);
  const deps = createServerDeps(settings, database, log);
  const server = await buildServer(deps);

  const purge = () =>
    Promise.all([
      purgeExpiredSessions(database),
      purgeExpiredPasswordResets(database),
      purgeExpiredLimits(database),
      purgeOldReads(database),
      purgeOldActivities(database),
    ]).catch((error: unknown) => {
      log.error({ err: error }, 'Expired rows could not be deleted. The next try is in an hour.');
    });
  await purge();
  const purgeTimer = setInterval(() => void purge(), PURGE_INTERVAL_MS);

  endOnSignals(log, async () => {
    clearInterval(purgeTimer);
    await server.close();
    await deps.passwords.close();
    await database.close();
  });
  await server.listen({ port: settings.port, host: settings.host });
  followPort(settings, (server.server.address() as AddressInfo).port); // It listens at a port.
  // The first log-in need not wait for it then. Where it fails, that log-in tries again.
  void deps.passwords.measure().catch(() => undefined);
  log.info(`Latchkey is at ${settings.publicOrigin}`);
}

try {
  await main();
} catch (error) {
  console.error(describeStartFault(error));
  process.exit(1);
}
