import { migrate, openDatabase, type Database } from '@latchkey/db';
import { endOnSignals } from './process/graceful-end.ts';
import { createLog } from './process/log.ts';
import { startMail } from './start-mail.ts';
import { startPurging } from './purge.ts';
import { createServerDeps } from './create-server-deps.ts';
import { watchEnd } from './security-log/watch-end.ts';
import { buildServer } from './server.ts';
import { devMailPath } from './site/dev-mail.ts';
import { followPort, loadSettings, type Settings } from './settings/settings.ts';
import { describeStartFault } from './process/start-fault.ts';

/** Migrations take as long as they take, so they have connections without limits on PostgreSQL. */
async function openMigrated({ databaseUrl, databaseLimits }: Settings): Promise<Database> {
  const unlimited = await openDatabase(databaseUrl);
  await migrate(unlimited);
  if (unlimited.dialect === 'sqlite') return unlimited;
  await unlimited.close();
  return openDatabase(databaseUrl, databaseLimits);
}

async function main(): Promise<void> {
  const settings = loadSettings();
  const log = createLog(settings);
  for (const sentence of settings.warnings) log.warn(sentence);
  const database = await openMigrated(settings);
  const deps = createServerDeps(settings, database, log);
  const server = await buildServer(deps);

  const stopPurging = startPurging(deps);
  const stopMail = startMail(deps);
  const stopWatchingEnd = watchEnd(deps);
  endOnSignals(log, async () => {
    await server.close();
    await Promise.all([stopPurging(), stopMail()]);
    await Promise.all([deps.securityLog.close(), deps.figures.close()]);
    await stopWatchingEnd();
    await deps.passwords.close();
    await database.close();
  });
  await server.listen({ port: settings.port, host: settings.host });
  const address = server.server.address();
  // A signal may have ended it meanwhile.
  if (address === null || typeof address === 'string') return;
  followPort(settings, address.port);
  // The first log-in need not wait for it then. Where it fails, that log-in tries again.
  void deps.passwords.measure().catch(() => undefined);
  log.info(`Latchkey is at ${settings.publicOrigin}`);
  if (settings.mailPlace === 'dev-page') {
    log.info(`Its mails are at http://localhost:${address.port}${devMailPath}`);
  }
}

try {
  await main();
} catch (error) {
  console.error(describeStartFault(error));
  process.exit(1);
}
