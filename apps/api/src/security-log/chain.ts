import { hash, randomBytes } from 'node:crypto';
import type { SecurityEvent } from '@latchkey/db';

/** A row of the log by its place and its hash, which stands for all rows before it too. */
export type LogPlace = { id: number; hash: string };
/** Whom a row is about, and where it came from. */
type Source = { userId?: string | null; address?: string | null; salt: string };
type ChainedColumns = Omit<Pick<SecurityEvent, keyof SecurityEvent & Chained>, never>;
type Chained = 'id' | 'createdAt' | 'event' | 'outcome' | 'times' | 'isPersonal' | 'sourceHash';

/** What the first row goes on after. */
export const START: LogPlace = { id: 0, hash: '0'.repeat(64) };

export const makeSalt = (): string => randomBytes(16).toString('hex');

/** Tells nothing of a source whose salt is gone: addresses alone are few enough to try them all. */
export function hashSource({ salt, userId = null, address = null }: Source): string {
  return hash('sha256', JSON.stringify([salt, userId, address]), 'hex');
}

/** The hash of a row that goes on after the row with the hash before. */
export function hashRow(before: string, row: ChainedColumns): string {
  const { id, createdAt, event, outcome, times, isPersonal, sourceHash } = row;
  const columns = [id, createdAt.getTime(), event, outcome, times, isPersonal, sourceHash];
  return hash('sha256', JSON.stringify([before, ...columns]), 'hex');
}
