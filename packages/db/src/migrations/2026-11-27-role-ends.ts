import type { MigrationContext } from './migration.ts';

/** Roles with an end have a column of their own: a release that does not know it gives nobody such a role. */
export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const isObject =
    dialect === 'sqlite'
      ? "json_valid(role_ends) AND json_type(role_ends) = 'object'"
      : "jsonb_typeof(role_ends) = 'object'";
  await run(`ALTER TABLE users ADD COLUMN role_ends JSONB NOT NULL DEFAULT '{}'
    CONSTRAINT ck_users_role_ends CHECK (${isObject})`);
  await run(`ALTER TABLE activities ADD COLUMN note VARCHAR(200)
    CONSTRAINT ck_activities_note CHECK (length(note) <= 200)`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('ALTER TABLE activities DROP COLUMN note');
  await run('ALTER TABLE users DROP COLUMN role_ends');
}
