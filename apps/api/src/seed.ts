import { randomBytes } from 'node:crypto';
import { migrate, openDatabase, type Database } from '@latchkey/db';
import { findUserByEmail } from './users/find-user.ts';
import { createPasswordHasher } from './passwords/password-hasher.ts';
import { loadSettings } from './settings/settings.ts';
import { describeStartFault } from './process/start-fault.ts';

const people = [
  { name: 'Ada Lovelace', email: 'ada@example.com', username: 'ada', roles: [] },
  { name: 'Grace Hopper', email: 'grace@example.com', username: 'grace', roles: ['member'] },
  { name: 'نازنین', email: 'nazanin@example.com', username: null, roles: [] },
];

const PASSWORD_BYTES = 12;

async function seedPerson(
  database: Database,
  person: (typeof people)[number],
  passwordHash: string,
): Promise<void> {
  const existing = await findUserByEmail(database, person.email);
  if (existing) await database.User.update({ passwordHash }, { where: { id: existing.id } });
  else await database.User.create({ ...person, passwordHash });
}

async function seed(): Promise<void> {
  const settings = loadSettings();
  if (settings.isProduction) {
    throw new Error(
      'Demonstration people are for development only. These settings are for a real site (NODE_ENV is production, or PUBLIC_URL is https). Nothing was changed.',
    );
  }
  const database = await openDatabase(settings.databaseUrl);
  const passwords = createPasswordHasher(settings.password);
  try {
    await migrate(database);
    for (const person of people) {
      const password = randomBytes(PASSWORD_BYTES).toString('base64url');
      await seedPerson(database, person, await passwords.hash(password));
      console.log(`${person.email}  ${password}`);
    }
  } finally {
    await passwords.close();
    await database.close();
  }
}

try {
  await seed();
} catch (error) {
  console.error(describeStartFault(error));
  process.exitCode = 1;
}
