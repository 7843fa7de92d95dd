import { parseUntil, untilRule } from '@latchkey/shared';
import { InvalidArgumentError } from 'commander';

/** When something ends, as it is typed at the command line. */
export function parseUntilArgument(text: string): Date {
  const end = parseUntil(text);
  if (end) return end;
  throw new InvalidArgumentError(untilRule);
}
