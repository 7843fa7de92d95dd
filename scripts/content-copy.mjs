// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { copyWorkspace } from './copy-workspace.mjs';
import { tool, toolEnvironment } from './workspace.mjs';

export const blog = 'src/content/blog';
/** What stands between the lead-in of an article and its rest. */
export const mark = '\n\n<!-- more -->\n\n';

/**
 * @param {string} head
 * @param {string} [text]
 */
export function article(head, text = `What anybody may read.${mark}What follows the fence here.`) {
  return `---\ntitle: One\nsummary: First.\n${head}\n---\n\n${text}\n`;
}

/** A copy of the project, to build the site in with what other people's sites have in it. */
export function openCopy() {
  const copy = copyWorkspace();
  const built = path.join(copy, 'apps/web/dist.new');
  /** @param {string} file of the workspace `apps/web` */
  const at = (file) => path.join(copy, 'apps/web', file);
  return {
    folder: copy,
    at,
    built,
    /** @param {string} name */
    readBuilt: (name) => readFileSync(path.join(built, name), 'utf8'),
    /** Everything that was built, as one text. */
    readAll: () =>
      readdirSync(built, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('.build/encoded'))
        .map(
          (entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1') + entry.name,
        )
        .join('\n'),
    /** @param {Record<string, string | Buffer>} files by their names in `apps/web` */
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(path.dirname(at(file)), { recursive: true });
        writeFileSync(at(file), text);
      }
    },
    build() {
      const { status, stdout, stderr } = spawnSync(
        tool('astro'),
        ['build', '--outDir', 'dist.new'],
        { cwd: at('.'), env: toolEnvironment(), encoding: 'utf8', maxBuffer: 2 ** 26 },
      );
      return { ok: status === 0, output: stdout + stderr };
    },
    remove: () => rmSync(copy, { recursive: true }),
  };
}
