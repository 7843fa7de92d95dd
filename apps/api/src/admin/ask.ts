import { createInterface } from 'node:readline/promises';
import { readIdentifier } from '@latchkey/shared';
import { OperatorError, UsageError } from './operator-error.ts';
import { showLines } from './print.ts';

/** Where questions go and answers come from. Questions never mix with the output, which may be data. */
type Terminal = {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
};

const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/** Asks for a line; '' at the end of the input. Throws a UsageError when nobody is there to answer. */
export async function ask(
  question: string,
  option: string,
  { input, output }: Terminal = ownTerminal,
): Promise<string> {
  if (!input.isTTY) {
    throw new UsageError(`${option} is missing, and there is no terminal to ask for it.`);
  }
  const lines = createInterface({ input, output });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return (await Promise.race([lines.question(question), ended])).trim();
  } finally {
    lines.close();
  }
}

type Deed = {
  /** What will happen, in a sentence. */
  what: string;
  /** What has to be typed. */
  word: string;
  /** `--yes` was given. */
  yes: boolean | undefined;
};

/** Makes sure that what cannot be undone is meant: `--yes`, or a word typed at the terminal. */
export async function confirm(
  { what, word, yes }: Deed,
  terminal: Terminal = ownTerminal,
): Promise<void> {
  if (yes) return;
  if (!terminal.input.isTTY) {
    throw new UsageError(
      `${what} This cannot be undone, and there is no terminal to confirm it. Nothing was changed. Add --yes to confirm.`,
    );
  }
  const question = `${what} This cannot be undone.\nType ${word} to continue: `;
  const answer = await ask(showLines(question), '', terminal);
  if (readIdentifier(answer).toLowerCase() !== readIdentifier(word).toLowerCase())
    throw new OperatorError('The text does not match. Nothing was changed.');
}
