import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  await run(`ALTER TABLE sessions ADD COLUMN second_factor_at ${columnTypes[dialect].timestamp}`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('ALTER TABLE sessions DROP COLUMN second_factor_at');
}
