export { openDatabase, type Database } from './database.ts';
export type { Dialect } from './database-url.ts';
export { listMigrations, migrate, migrateDown } from './migrate.ts';
export type { Migration, MigrationContext } from './migrations/migration.ts';
export type { RateLimit } from './models/rate-limit.ts';
export type { Session } from './models/session.ts';
export type { User } from './models/user.ts';
export { isDatabaseReady } from './readiness.ts';
export { isUniqueViolation, type UniqueConstraintName } from './unique-violation.ts';
