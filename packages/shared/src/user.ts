import * as z from 'zod/mini';

/** What anybody but the database may know of a person. Times are ISO 8601 in UTC. */
export const publicUser = z.object({
  id: z.string(),
  name: z.string(),
  username: z.nullable(z.string()),
  email: z.string(),
  roles: z.array(z.string()),
  createdAt: z.string(),
});
export type PublicUser = z.infer<typeof publicUser>;

/** What the browser may know of its own session. Times are ISO 8601 in UTC. */
export const publicSession = z.object({
  id: z.string(),
  staySignedIn: z.boolean(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  /** The moment it ends if nothing more is asked of the server. */
  idleExpiresAt: z.string(),
  /** The moment it ends whatever happens. */
  expiresAt: z.string(),
});
export type PublicSession = z.infer<typeof publicSession>;
