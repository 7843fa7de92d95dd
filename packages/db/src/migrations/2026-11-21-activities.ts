import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE activities (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    event VARCHAR(40) NOT NULL,
    address VARCHAR(45),
    user_agent VARCHAR(400),
    created_at ${timestamp} NOT NULL,
    updated_at ${timestamp} NOT NULL,
    CONSTRAINT pk_activities PRIMARY KEY (id),
    CONSTRAINT fk_activities_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_activities_event CHECK (length(event) BETWEEN 1 AND 40),
    CONSTRAINT ck_activities_address CHECK (length(address) <= 45),
    CONSTRAINT ck_activities_user_agent CHECK (length(user_agent) <= 400)
  )`);
  await run('CREATE INDEX ix_activities_user_id_created_at ON activities (user_id, created_at)');
  await run('CREATE INDEX ix_activities_created_at ON activities (created_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE activities');
}
