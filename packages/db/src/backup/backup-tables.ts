import { Op, type Model, type ModelStatic, type Transaction } from 'sequelize';
import type { Database } from '../database.ts';

const PAGE_ROWS = 1000;

/** Every table that has a model, those that others reference first. */
export function listTables({ sequelize }: Database): ModelStatic<Model>[] {
  const tables: ModelStatic<Model>[] = [];
  // The types of Sequelize leave out the manager's one method that knows the order of references.
  const manager = sequelize.modelManager as unknown as {
    forEachModel: (each: (model: ModelStatic<Model>) => void) => void;
  };
  manager.forEachModel((model) => tables.push(model));
  return tables;
}

/**
 * The tables that a backup brings back. Sessions, browsers that are asked for no second factor, and
 * addresses of feeds are left out: one that was ended since, of a stolen cookie perhaps, would live
 * again. So are log-ins that were under way, here or at a provider, challenges of passkeys, links to set a
 * password, links of mails and invitations, which may have been used since, mails, which may have been sent
 * since, and the counters of limits: their time has passed.
 */
export function listRestoredTables(database: Database): ModelStatic<Model>[] {
  const { Session, RememberedBrowser, PendingLogin, FeedAddress, PasswordReset } = database;
  const leftOut: string[] = [
    ...[Session, RememberedBrowser, PendingLogin, FeedAddress, PasswordReset],
    ...[database.PasskeyChallenge, database.EmailLink, database.SecureLink, database.Mail],
    ...[database.OidcAttempt, database.Invitation, database.RateLimit],
  ].map(({ tableName }) => tableName);
  return listTables(database).filter(({ tableName }) => !leftOut.includes(tableName));
}

/**
 * The rows of a table, a page at a time, in the order of its key: each page goes on after the last
 * key, so the last costs no more than the first. `transaction` keeps the pages consistent.
 */
export async function* readPages(
  model: ModelStatic<Model>,
  transaction: Transaction | null,
): AsyncGenerator<Record<string, unknown>[]> {
  const key = model.primaryKeyAttribute;
  for (let last: unknown; ;) {
    const page = await model.findAll({
      ...(last !== undefined && { where: { [key]: { [Op.gt]: last } } }),
      order: [[key, 'ASC']],
      limit: PAGE_ROWS,
      transaction,
    });
    if (page.length > 0)
      yield page.map((row) => row.get({ plain: true }) as Record<string, unknown>);
    if (page.length < PAGE_ROWS) return;
    last = page.at(-1)?.get(key);
  }
}
