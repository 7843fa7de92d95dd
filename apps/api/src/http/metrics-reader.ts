import { createHash, timingSafeEqual } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import { isFromThisMachine, type ArrivedRequest } from './this-machine.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

/**
 * Who may see the metrics: with a token whoever sends it, from anywhere. Without one only programs of
 * this machine.
 */
export function mayReadMetrics(
  request: ArrivedRequest,
  { metricsToken }: Pick<Settings, 'metricsToken'>,
): boolean {
  if (metricsToken === undefined) return isFromThisMachine(request);
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(hash(given), hash(metricsToken));
}
