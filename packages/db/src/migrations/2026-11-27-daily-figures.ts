import type { MigrationContext } from './migration.ts';

const figures = ['registrations', 'logins', 'failed_logins', 'reads', 'walls'];

export async function up({ run }: MigrationContext): Promise<void> {
  await run(`CREATE TABLE daily_figures (
    day DATE NOT NULL,
    ${figures.map((figure) => `${figure} INTEGER NOT NULL DEFAULT 0,`).join('\n    ')}
    CONSTRAINT pk_daily_figures PRIMARY KEY (day)
  )`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE daily_figures');
}
