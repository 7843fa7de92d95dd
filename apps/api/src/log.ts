import pino from 'pino';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { Settings } from './settings.ts';

/**
 * The log: JSON lines, or readable lines in a terminal. A request is logged by method and path
 * alone: queries, headers and bodies can hold what is nobody's business.
 */
export function createLog({ logLevel }: Pick<Settings, 'logLevel'>): FastifyBaseLogger {
  const options: pino.LoggerOptions = {
    level: logLevel,
    redact: ['password', '*.password', 'token', '*.token', 'headers', '*.headers', 'cookie'],
    serializers: {
      req: ({ method, url, ip }: FastifyRequest) => ({ method, path: url.split('?')[0], ip }),
    },
  };
  if (!process.stdout.isTTY) return pino(options);
  const transport = { target: 'pino-pretty', options: { ignore: 'pid,hostname', singleLine: true } };
  return pino({ ...options, transport });
}
