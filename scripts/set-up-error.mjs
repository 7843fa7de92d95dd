// @ts-check
import process from 'node:process';

import { lastLines } from './run-quietly.mjs';

/** A step that failed in a way the person at the keyboard can do something about. */
export class SetUpError extends Error {
  /**
   * @param {string} message what happened, why, and what to do
   * @param {string} [output] of the command that failed
   */
  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}

/**
 * @template T
 * @param {() => Promise<T>} main
 */
export async function explainFailures(main) {
  try {
    return await main();
  } catch (error) {
    const explained = error instanceof SetUpError ? error : explainFileFault(error);
    if (!explained) throw error;
    if (explained.output) console.error(`\n${lastLines(explained.output)}`);
    console.error(`\nlatchkey: ${explained.message}`);
    process.exit(1);
  }
}

/** @type {Record<string, string>} */
const fileFaults = {
  EACCES: 'this user may not. Run this as the user who owns the folder, or give it to this one.',
  EPERM: 'this user may not. Run this as the user who owns the folder, or give it to this one.',
  EROFS: 'it is on a disk that can only be read. Move the project to one that can be written.',
  ENOSPC: 'the disk is full. Make room and run this again.',
  EDQUOT: 'the disk space that this user may take is used up. Make room and run this again.',
};

/** @param {unknown} error */
function explainFileFault(error) {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return null;
  const cause = fileFaults[String(error.code)];
  return cause ? new SetUpError(`${error.path} could not be written: ${cause}`) : null;
}
