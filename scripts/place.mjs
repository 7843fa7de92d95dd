// @ts-check
import { SetUpError } from './set-up-error.mjs';
import { root } from './workspace.mjs';

/**
 * Signs in the folder's path that the build's tools, or PATH, take for something else.
 *
 * @param {string} folder
 * @throws {SetUpError} naming the sign
 */
export function demandPlainPath(folder = root) {
  const [sign] = /[#?*:\\\n]/.exec(folder) ?? [];
  if (sign === undefined) return;
  throw new SetUpError(
    `The path of this folder has the sign ${JSON.stringify(sign)}, which tools of the build take for something else: ${folder}\nRename the folder, or move it, and run this again. Nothing was installed.`,
  );
}
