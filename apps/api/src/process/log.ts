import pino from 'pino';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { cleanAddress } from '../addresses/client-address.ts';
import { describePath, hideCodes } from './hide-codes.ts';
import type { Settings } from '../settings/settings.ts';

/** What writes lines of the log. */
export type Log = Pick<pino.BaseLogger, 'info' | 'warn' | 'error'>;

/**
 * The log: JSON lines, or readable lines in a terminal. A request is logged by method and path
 * alone, and without what may be a code: paths, queries, headers and bodies can hold what is nobody's
 * business.
 *
 * @param destination where the lines go instead of the standard output
 */
export function createLog(
  { logLevel }: Pick<Settings, 'logLevel'>,
  destination?: pino.DestinationStream,
): FastifyBaseLogger {
  const options: pino.LoggerOptions = {
    level: logLevel,
    redact: ['password', '*.password', 'token', '*.token', 'headers', '*.headers', 'cookie'],
    serializers: {
      req: ({ method, url, ip }: FastifyRequest) => ({
        method,
        path: describePath(url),
        ip: cleanAddress(ip),
      }),
      err: describeFault,
    },
    hooks: { streamWrite: hideCodes },
  };
  if (destination) return pino(options, destination);
  if (!process.stdout.isTTY) return pino(options);
  const transport = {
    target: 'pino-pretty',
    options: { ignore: 'pid,hostname', singleLine: true },
  };
  return pino({ ...options, transport });
}

/**
 * An error by its own words alone. Libraries hang more on theirs: Sequelize the statement with the
 * values that were typed, Node's HTTP parser the whole request.
 */
function describeFault(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { type: name, message, code, stack, ...(cause ? { cause: describeFault(cause) } : {}) };
}
