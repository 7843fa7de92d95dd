import { createPasswordReset } from '../password-resets/password-reset.ts';
import type { TestServer } from './test-server.ts';

/** The code of a link with which a person may set a password. */
export function createResetLink({ database }: TestServer, userId: string): Promise<string> {
  return database.sequelize.transaction(async (transaction) => {
    const { token } = await createPasswordReset(database, userId, 600, transaction);
    return token;
  });
}
