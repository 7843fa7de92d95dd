import type { FastifyReply } from 'fastify';
import { Refusal } from './refusal.ts';

/**
 * Refuses to go on for a client that has left. A second click on a button drops the first answer:
 * what that one had done would be done behind the person's back, and its cookie would be lost. It is
 * asked after the slow part, a password's hash, and before anything is changed.
 */
export function demandListener({ raw }: FastifyReply): void {
  if (!raw.destroyed) return;
  throw new Refusal('CLIENT_CLOSED_REQUEST', { reason: 'unexpected-error' });
}
