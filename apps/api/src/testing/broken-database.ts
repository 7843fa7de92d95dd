import { openDatabase, type Database } from '@latchkey/db';
import { createTestDatabaseUrl } from '@latchkey/db/testing';

/** A database that fails whatever it is asked, as one does whose disk or server is gone. */
export async function openBrokenDatabase(): Promise<Database> {
  await using place = await createTestDatabaseUrl('sqlite');
  const database = await openDatabase(place.url);
  await database.close();
  return database;
}
