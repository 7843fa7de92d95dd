import { createInvitation, type NewInvitation } from '../invitations/invitation.ts';
import type { TestServer } from './test-server.ts';

/** An invitation for anybody, once, for an hour, unless `overrides` say otherwise; its code and row. */
export function invite({ database }: TestServer, overrides: Partial<NewInvitation> = {}) {
  const expiresAt = new Date(Date.now() + 3_600_000);
  const invitation = { email: null, role: null, maxUses: 1, expiresAt, ...overrides };
  return database.sequelize.transaction((transaction) =>
    createInvitation(database, invitation, transaction),
  );
}
