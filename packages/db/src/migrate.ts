import { Transaction } from 'sequelize';
import type { MigrationError, Umzug } from 'umzug';
import type { Database } from './database.ts';
import {
  createMigrationStorage,
  createMigrationTable,
  readExecutedNames,
} from './migration-storage.ts';
import { migrations as allMigrations } from './migrations/list.ts';
import type { Migration, MigrationContext } from './migrations/migration.ts';

/** Any number will do, as long as every process of this program takes the same. */
const POSTGRES_LOCK_KEY = 7_411_926_355;

/**
 * Runs all pending migrations, oldest first, and returns their names. All of them are one
 * transaction under a lock: any number of processes may start at once, and after a failure, a kill
 * or a power cut the database is as it was. Throws an Error naming the migration that failed, or those
 * that only a newer version knows.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = allMigrations,
): Promise<string[]> {
  return runLocked(database, migrations, up);
}

/**
 * Takes back the last `steps` migrations (1 unless given, Infinity for all), newest first, and
 * returns their names. Their tables go, with all that is in them. Locks and throws as `migrate` does.
 */
export async function migrateDown(
  database: Database,
  { steps = 1 }: { steps?: number } = {},
  migrations: readonly Migration[] = allMigrations,
): Promise<string[]> {
  return runLocked(database, migrations, down(steps));
}

/**
 * The names of the migrations that have been executed, and of those that `migrate` would run, each
 * oldest first. Executed ones that only a newer version of this program knows stand last, and once more
 * as `unknown`.
 */
export async function listMigrations(
  database: Database,
  migrations: readonly Migration[] = allMigrations,
): Promise<{ executed: string[]; pending: string[]; unknown: string[] }> {
  const executed = await readExecutedNames(database);
  const names = migrations.map(({ name }) => name);
  const unknown = executed.filter((name) => !names.includes(name));
  return {
    executed: [...names.filter((name) => executed.includes(name)), ...unknown],
    pending: names.filter((name) => !executed.includes(name)),
    unknown,
  };
}

/** A sentence for a database in which a newer version of this program ran these migrations. */
export function describeNewerDatabase(unknown: readonly string[]): string {
  return `The database is newer than this program: ${unknown.join(', ')} ran, which this version does not know. Update the program, or restore the backup from before.`;
}

/** An older program may misread what a newer one has written, so it touches nothing. */
function refuseNewer(executed: readonly string[], migrations: readonly Migration[]): void {
  const unknown = executed.filter((name) => migrations.every((known) => known.name !== name));
  if (unknown.length > 0) throw new Error(describeNewerDatabase(unknown));
}

type Command = {
  /** Whether nothing is left to do, so that umzug need not be loaded. */
  isDone: (executed: readonly string[], migrations: readonly Migration[]) => boolean;
  run: (umzug: Umzug) => Promise<{ name: string }[]>;
};

const up: Command = {
  isDone: (executed, migrations) => migrations.every(({ name }) => executed.includes(name)),
  run: (umzug) => umzug.up(),
};

const down = (steps: number): Command => ({
  isDone: (executed) => executed.length === 0,
  run: (umzug) => umzug.down({ step: steps }),
});

async function runLocked(
  { sequelize, dialect }: Database,
  migrations: readonly Migration[],
  command: Command,
): Promise<string[]> {
  // A stricter isolation on PostgreSQL would not see what the former holder of the lock committed.
  const isolationLevel = Transaction.ISOLATION_LEVELS.READ_COMMITTED;
  try {
    return await sequelize.transaction({ isolationLevel }, async (transaction) => {
      const run = async (sql: string) => {
        await sequelize.query(sql, { transaction });
      };
      // On SQLite BEGIN IMMEDIATE is the lock.
      if (dialect === 'postgres') await run(`SELECT pg_advisory_xact_lock(${POSTGRES_LOCK_KEY})`);
      await createMigrationTable(sequelize, transaction);
      const storage = createMigrationStorage(sequelize, transaction);
      const executed = await storage.executed();
      refuseNewer(executed, migrations);
      if (command.isDone(executed, migrations)) return [];
      const done = await command.run(await createUmzug(migrations, { dialect, run }, storage));
      return done.map(({ name }) => name);
    });
  } catch (error) {
    const { MigrationError } = await import('umzug');
    throw error instanceof MigrationError ? explain(error) : error;
  }
}

/** Umzug loads much that only its own command line needs, so it is loaded only for work. */
async function createUmzug(
  migrations: readonly Migration[],
  context: MigrationContext,
  storage: ReturnType<typeof createMigrationStorage>,
): Promise<Umzug> {
  const { Umzug } = await import('umzug');
  return new Umzug({
    migrations: migrations.map(({ name, up, down }) => ({
      name,
      up: () => up(context),
      down: () => down(context),
    })),
    storage,
    logger: undefined,
  });
}

function explain(error: MigrationError): Error {
  const { name, direction } = error.migration;
  const reason = error.cause instanceof Error ? error.cause.message : String(error.cause);
  return new Error(
    `The migration ${name} (${direction}) failed: ${reason}. Nothing was changed. Correct the cause and run it again.`,
    { cause: error.cause },
  );
}
