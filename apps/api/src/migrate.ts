import { migrate, openDatabase } from '@latchkey/db';
import { loadSettings } from './settings/settings.ts';
import { describeStartFault } from './process/start-fault.ts';

try {
  const database = await openDatabase(loadSettings().databaseUrl);
  await migrate(database).finally(() => database.close());
  console.log('The database is up to date.');
} catch (error) {
  console.error(describeStartFault(error));
  process.exitCode = 1;
}
