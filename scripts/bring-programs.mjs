// @ts-check
import process from 'node:process';

import { programs } from './programs.mjs';
import { SetUpError } from './set-up-error.mjs';

/** @typedef {import('./programs.mjs').ProgramName} ProgramName */

const demanded = {
  chromium: programs.chromium.missing,
  nginx:
    'No nginx was found and none could be fetched. Install nginx, or set NGINX_PATH to one, and run this again.',
};

/**
 * Finds a program that runs, or brings one.
 *
 * @param {ProgramName} name
 * @param {string} label shown before each line
 * @returns {Promise<{ executable?: string, output: string }>} the path where there is one, and what was printed on the way
 */
async function find(name, label) {
  const { title, variable, list, isUsable, ways } = programs[name];
  const named = process.env[variable];
  if (named && !isUsable(named)) {
    throw new SetUpError(
      `${variable} names ${named}, which does not run. Correct it, or unset it to search for one.`,
    );
  }
  let output = '';
  let executable = named || list().find(isUsable);
  for (const way of ways) {
    if (executable) break;
    output += `${await way(`${label} ${title}`)}\n`;
    executable = list().find(isUsable);
  }
  if (executable) console.log(`${label} ${title} is ${executable}`);
  return { ...(executable && { executable }), output };
}

/**
 * The same for what cannot do without.
 *
 * @param {keyof typeof demanded} name
 * @param {string} label
 */
export async function demandProgram(name, label) {
  const { executable, output } = await find(name, label);
  if (executable) return executable;
  throw new SetUpError(demanded[name], output.trim());
}

/**
 * Finds or brings programs. There is no test without Chromium, so that one must be there.
 *
 * @param {ProgramName[]} names
 * @param {string} label
 * @returns {Promise<Record<string, string>>} for the environment: a path, empty where there is none
 */
export async function bringPrograms(names, label) {
  /** @type {Record<string, string>} */
  const paths = {};
  for (const name of names) {
    const { title, variable, missing } = programs[name];
    const executable =
      name === 'chromium' ? await demandProgram(name, label) : (await find(name, label)).executable;
    if (!executable) console.log(`${label} ${title}: ${missing}`);
    paths[variable] = executable ?? '';
  }
  return paths;
}

/**
 * Why tests are skipped, of each program that is not here.
 *
 * @param {Record<string, string>} paths
 * @param {ProgramName[]} names
 */
export function explainMissing(paths, names) {
  return names
    .map((name) => programs[name])
    .filter(({ variable }) => !paths[variable])
    .map(({ missing }) => missing)
    .join('\n  ');
}
