import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE article_reads (
    id UUID NOT NULL,
    user_id UUID,
    visitor_hash VARCHAR(64),
    slug VARCHAR(200) NOT NULL,
    read_at ${timestamp} NOT NULL,
    CONSTRAINT pk_article_reads PRIMARY KEY (id),
    CONSTRAINT uq_article_reads_user_id_slug UNIQUE (user_id, slug),
    CONSTRAINT uq_article_reads_visitor_hash_slug UNIQUE (visitor_hash, slug),
    CONSTRAINT fk_article_reads_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_article_reads_reader CHECK (user_id IS NOT NULL OR visitor_hash IS NOT NULL),
    CONSTRAINT ck_article_reads_visitor_hash
      CHECK (length(visitor_hash) = 64 AND trim(visitor_hash, '0123456789abcdef') = ''),
    CONSTRAINT ck_article_reads_slug CHECK (length(slug) BETWEEN 1 AND 200)
  )`);
  await run('CREATE INDEX ix_article_reads_read_at ON article_reads (read_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE article_reads');
}
