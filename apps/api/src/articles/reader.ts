/**
 * Who reads: the person who is signed in, or a browser, known by a random id in a cookie. The cookie
 * is set only when an article is counted; the database has its hash alone.
 */
import { READS_WINDOW_DAYS, UNLIMITED_READER_ROLE } from '@latchkey/shared';
import type { User } from '@latchkey/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForeignKeyConstraintError } from 'sequelize';
import { demandWriteAllowance } from '../http/demand-allowance.ts';
import { Refusal } from '../http/refusal.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { appendCookie, readCookie, type CookieStyle } from '../http/session-cookies.ts';
import { currentRoles } from '../users/current-roles.ts';
import { generateToken, hashToken } from '../tokens/secret-token.ts';
import { claimReads, countRead, findStanding, type Reader, type ReadOutcome } from './reads.ts';

const readerCookie = 'reader';
/** The id is forgotten with the last thing it was counted for. */
const LIFETIME_SECONDS = READS_WINDOW_DAYS * 86_400;
const idPattern = /^[\w-]{43}$/;

type Deps = ServerDeps;
export type Visit = { request: FastifyRequest; reply: FastifyReply; user: User | null };

const newIds = new WeakMap<FastifyRequest, string>();

function readVisitorId(request: FastifyRequest, style: CookieStyle): string | undefined {
  const id = readCookie(request, style, readerCookie);
  return id !== undefined && idPattern.test(id) ? id : undefined;
}

/** An id for a browser that has none: one a request, though a request may call many procedures. */
function makeVisitorId(request: FastifyRequest): string {
  const id = newIds.get(request) ?? generateToken();
  newIds.set(request, id);
  return id;
}

/** A person who was deleted in the middle of the request is signed in no more. */
function refuseWhoIsGone(fault: unknown): never {
  if (!(fault instanceof ForeignKeyConstraintError)) throw fault;
  throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
}

export function readsWithoutLimit(user: User | null): boolean {
  return user !== null && currentRoles(user).includes(UNLIMITED_READER_ROLE);
}

function toReader({ settings }: Deps, { request, user }: Visit): Reader | null {
  if (user) return { userId: user.id };
  const id = readVisitorId(request, settings) ?? newIds.get(request);
  return id === undefined ? null : { visitorHash: hashToken(id) };
}

/** Whether anything may be counted for whoever asks: a person, or a browser with an id. */
export function isKnownReader({ settings }: Deps, { request, user }: Visit): boolean {
  return user !== null || readVisitorId(request, settings) !== undefined;
}

/** How whoever asks stands with the meter. It counts nothing and sets no cookie. */
export function findVisitStanding(deps: Deps, visit: Visit) {
  return findStanding(deps.database, toReader(deps, visit), deps.settings.freeReads);
}

/** Tells the metrics of an article that was opened by somebody whose reads are not limited. */
export function countUnlimited({ metrics }: Pick<Deps, 'metrics'>): void {
  metrics.reads.inc({ outcome: 'unlimited' });
}

/** Counts the reading of an article for whoever asks. */
export async function countVisit(deps: Deps, visit: Visit, slug: string): Promise<ReadOutcome> {
  const read = await countForReader(deps, visit, slug);
  deps.metrics.reads.inc({ outcome: read.outcome });
  return read;
}

async function countForReader(deps: Deps, visit: Visit, slug: string): Promise<ReadOutcome> {
  const { database, settings } = deps;
  const { request, reply, user } = visit;
  if (user) {
    const reading = countRead(database, { userId: user.id }, slug, settings.freeReads);
    return reading.catch(refuseWhoIsGone);
  }
  const id = readVisitorId(request, settings) ?? makeVisitorId(request);
  const visitorHash = hashToken(id);
  // A browser that forgets its cookie is a new reader each time: its address is counted too.
  const mayCount = () => demandWriteAllowance({ deps, request }, undefined);
  const reader = { visitorHash };
  const read = await countRead(database, reader, slug, settings.freeReads, mayCount);
  if (read.outcome === 'counted') {
    appendCookie(reply, settings, { name: readerCookie, value: id, maxAge: LIFETIME_SECONDS });
  }
  return read;
}

/** At log-in: what was read in this browser becomes the person's. */
export async function claimVisitorReads(
  { database, settings }: Deps,
  request: FastifyRequest,
  userId: string,
): Promise<void> {
  const id = readVisitorId(request, settings);
  if (id !== undefined) await claimReads(database, hashToken(id), userId).catch(refuseWhoIsGone);
}
