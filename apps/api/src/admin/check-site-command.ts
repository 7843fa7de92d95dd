import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadSettings, projectRoot } from '../settings/settings.ts';
import { OperatorError } from './operator-error.ts';

/** The build of the site in this project runs the same check. */
const program = join(projectRoot, 'apps/web/src/build/check-site.ts');

/** `check-site`. */
export function addCheckSiteCommand(parent: Command): void {
  parent
    .command('check-site')
    .description(
      'look for private text in public files of SITE_DIR, files that public pages lack, and rules that fit nothing',
    )
    .action(async () => {
      const { siteDir, accessRules } = loadSettings();
      if (siteDir === undefined) {
        throw new OperatorError(
          'There is no SITE_DIR. The site of this project is checked when it is built: npm run build',
        );
      }
      if (!existsSync(program)) {
        throw new OperatorError(
          'The check is a part of the site’s build, and an image has no build. Run it in the folder of the project, with the same SITE_DIR and ACCESS_RULES, before you copy the site to where the image reads it.',
        );
      }
      const args = [program, siteDir, JSON.stringify(accessRules)];
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) process.exitCode = 1;
    });
}
