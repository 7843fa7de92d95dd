import type { MigrationContext } from './migration.ts';

/** @see https://github.com/animir/node-rate-limiter-flexible/blob/master/lib/RateLimiterPostgres.js */
export async function up({ run }: MigrationContext): Promise<void> {
  await run(`CREATE TABLE rate_limits (
    key VARCHAR(255) NOT NULL,
    points INTEGER NOT NULL DEFAULT 0,
    expire BIGINT,
    CONSTRAINT pk_rate_limits PRIMARY KEY (key)
  )`);
  await run('CREATE INDEX ix_rate_limits_expire ON rate_limits (expire)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE rate_limits');
}
