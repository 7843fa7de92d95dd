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
    if (!(error instanceof SetUpError)) throw error;
    if (error.output) console.error(`\n${lastLines(error.output)}`);
    console.error(`\nlatchkey: ${error.message}`);
    process.exit(1);
  }
}
