import { migrate, openDatabase } from '@latchkey/db';
import { loadSettings } from './settings.ts';

const database = await openDatabase(loadSettings().databaseUrl);
try {
  await migrate(database);
  console.log('The database is up to date.');
} finally {
  await database.close();
}
