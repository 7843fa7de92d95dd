import type { Options, Sequelize } from 'sequelize';

/** What every database has, whichever it is. `close` closes every connection. */
export interface Connection {
  sequelize: Sequelize;
  damage: { isSeen: boolean };
  close: () => Promise<void>;
}

export const sharedOptions = {
  logging: false,
  define: { underscored: true },
  // SQLite waits for its lock itself; trying a statement again and again would multiply the wait.
  retry: { max: 1 },
} satisfies Options;
