import { createHash, randomBytes } from 'node:crypto';
import { openDatabase } from '@latchkey/db';
import type { Crowd } from './start-peer.ts';

const SLICE = 500;
const HOUR_MS = 3_600_000;

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
  const now = new Date();
  const ends = new Date(now.getTime() + HOUR_MS);
  const tokens = Array.from({ length: crowd.sessions }, () =>
    randomBytes(32).toString('base64url'),
  );
  for (let from = 0; from < tokens.length; from += SLICE) {
    await database.Session.bulkCreate(
      tokens.slice(from, from + SLICE).map((token, index) => ({
        userId: people[(from + index) % people.length]?.id ?? '',
        tokenHash: createHash('sha256').update(token).digest('hex'),
        staySignedIn: false,
        authenticatedAt: now,
        lastSeenAt: now,
        idleExpiresAt: ends,
        expiresAt: ends,
      })),
    );
  }
  await database.close();
  return tokens;
}

/** What a browser sends of a session at a site on this port, as the lines of a file. */
export const writeCookies = (tokens: string[], port: string) =>
  tokens.map((token) => `session-${port}=${token}; signed-in-${port}=1`).join('\n');
