import { actReason, isRole, nameRole, REASON_MAX_LENGTH, roleRule } from '@latchkey/shared';
import { InvalidArgumentError, type Command } from 'commander';
import { explainUnknownRole, type RoleSettings } from '../users/known-roles.ts';
import { parseUntilArgument } from './parse-until.ts';

/** A slip of the pen would give nothing, and say nothing. */
export function noteUnknownRole(settings: RoleSettings, role: string): void {
  const note = explainUnknownRole(settings, role);
  if (note !== null) console.error(note);
}

export function parseRole(text: string): string {
  if (!isRole(text)) throw new InvalidArgumentError(roleRule);
  return text;
}

function parseReason(text: string): string {
  const { data } = actReason.safeParse(text);
  if (data !== undefined) return data;
  throw new InvalidArgumentError(`a reason has 1 to ${REASON_MAX_LENGTH} characters`);
}

/** `--reason`, which the person sees in their own activity. */
export const addReason = (command: Command): Command =>
  command.option('--reason <TEXT>', 'why; the person sees it in their activity', parseReason);

/** `--until`, and why. */
export const addGrantOptions = (command: Command): Command =>
  addReason(
    command.option(
      '--until <DATE>',
      'a day such as 2026-12-31, or a moment with its zone',
      parseUntilArgument,
    ),
  );

/** A role as it is told of: its id, and what people call it where that is another word. */
export function describeRole(role: string): string {
  const name = nameRole(role);
  return name.toLowerCase() === role ? role : `${role} (${name})`;
}
