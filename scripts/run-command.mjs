// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { cleanEnvironment, root } from './workspace.mjs';

/**
 * Runs a command of the documents on a database of its own, and gives what it prints, each line to
 * `isDone` first.
 *
 * @param {string[]} words
 * @param {(line: string) => Promise<boolean> | boolean} isDone ends it by SIGTERM, as Ctrl-C would
 * @param {string} [folder] of the workspace
 */
export async function runCommand(words, isDone, folder = root) {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-command-'));
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    cwd: folder,
    env: cleanEnvironment({ DATA_DIR: dataFolder, PORT: '0' }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  /** @type {string[]} */
  const lines = [];
  try {
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (await isDone(line)) child.kill('SIGTERM');
    }
  } finally {
    if (child.exitCode === null) child.kill('SIGTERM');
    await exit;
    rmSync(dataFolder, { recursive: true, force: true });
  }
  return { code: child.exitCode, output: lines.join('\n') };
}

/**
 * The address at which a server of the project says, in a line of its log, that it listens.
 *
 * @param {string} line
 */
export function findAddress(line) {
  return /http:\/\/127\.0\.0\.1:[1-9]\d*(?=")/.exec(line)?.[0];
}
