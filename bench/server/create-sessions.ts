import { createHash, randomBytes } from 'node:crypto';
import { openDatabase } from '@latchkey/db';
import type { Crowd } from './start-peer.ts';

const SLICE = 500;
const HOUR_MS = 3_600_000;

/** Rows of new sessions, and their tokens in the same order. */
export function makeSessions(userIds: string[], ends: Date) {
  const now = new Date();
  const tokens = userIds.map(() => randomBytes(32).toString('base64url'));
  const rows = tokens.map((token, index) => ({
    userId: userIds[index] ?? '',
    tokenHash: createHash('sha256').update(token).digest('hex'),
    staySignedIn: false,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: ends,
    expiresAt: ends,
  }));
  return { tokens, rows };
}

/** Fills a migrated database with people and their sessions, and returns the tokens of these. */
export async function createSessions(url: string, crowd: Crowd): Promise<string[]> {
  const database = await openDatabase(url);
  const people = await database.User.bulkCreate(
    Array.from({ length: crowd.people }, (_, index) => ({
      name: 'Bench',
      email: `person-${index}@bench.example`,
      passwordHash: '$scrypt$',
    })),
  );
  const userIds = Array.from(
    { length: crowd.sessions },
    (_, index) => people[index % people.length]?.id ?? '',
  );
  const { tokens, rows } = makeSessions(userIds, new Date(Date.now() + HOUR_MS));
  for (let from = 0; from < rows.length; from += SLICE) {
    await database.Session.bulkCreate(rows.slice(from, from + SLICE));
  }
  await database.close();
  return tokens;
}

/** What a browser sends of a session at a site on this port, as the lines of a file. */
export const writeCookies = (tokens: string[], port: string) =>
  tokens.map((token) => `session-${port}=${token}; signed-in-${port}=1`).join('\n');
