import type { MigrationContext } from './migration.ts';

export async function up({ run }: MigrationContext): Promise<void> {
  await run(`ALTER TABLE activities ADD COLUMN detail VARCHAR(40)
    CONSTRAINT ck_activities_detail CHECK (length(detail) <= 40)`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('ALTER TABLE activities DROP COLUMN detail');
}
