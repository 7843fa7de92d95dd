import { inspect } from 'node:util';
import { describeTrouble, isUnavailable } from '@latchkey/db';

const causes: Record<string, string> = {
  EADDRINUSE: 'another program uses this port. Stop that program, or set PORT to another number.',
  EACCES: 'this user may not use this port. Set PORT to 1024 or more, or put a proxy in front.',
  EADDRNOTAVAIL:
    'this machine does not have this address. Set HOST to one of its addresses, or to 0.0.0.0 for all.',
  ENOTFOUND: 'this name does not exist. Set HOST to an address of this machine.',
};

/** The mistakes of a program: their stack is what helps. */
const programFaults = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Why the server could not start, for the person who started it. */
export function describeStartFault(error: unknown): string {
  // What failed first matters, and not that closing failed after it.
  if (error instanceof SuppressedError) return describeStartFault(error.suppressed);
  if (!(error instanceof Error) || programFaults.some((fault) => error instanceof fault)) {
    return inspect(error);
  }
  if (isUnavailable(error)) return describeTrouble(error) ?? error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const isListening = syscall === 'listen' || syscall === 'getaddrinfo';
  const cause = isListening && code !== undefined ? causes[code] : undefined;
  if (cause === undefined) return error.message;
  const { address, hostname, port } = error as {
    address?: string;
    hostname?: string;
    port?: number;
  };
  const place = [address ?? hostname, port].filter((part) => part !== undefined).join(':');
  return `Latchkey cannot listen at ${place}: ${cause}`;
}
