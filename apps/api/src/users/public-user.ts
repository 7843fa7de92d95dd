import type { Session, User } from '@latchkey/db';
import type { PublicSession, PublicUser } from '@latchkey/shared';
import { currentRoles } from './current-roles.ts';
import { showEmail } from './show-email.ts';

/** What the outside may know of a person: each field is named, so a new column stays inside. */
export function toPublicUser(user: User): PublicUser {
  const { id, name } = user;
  const roles = currentRoles(user);
  const email = showEmail(user.email);
  const username = user.username ?? null;
  return { id, name, username, email, roles, createdAt: user.createdAt.toISOString() };
}

/** What a browser may know of its own session. */
export function toPublicSession(session: Session): PublicSession {
  return {
    id: session.id,
    staySignedIn: session.staySignedIn,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    idleExpiresAt: session.idleExpiresAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}
