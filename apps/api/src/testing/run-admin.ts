import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { projectRoot } from '../settings/settings.ts';
import { keepCompiled } from './compiled.ts';
import { fixtureProcess } from './fixture-site.ts';

const command = [process.execPath, resolve(projectRoot, 'apps/api/src/admin/main.ts')];

type Ended = { code: number | string; stdout: string; stderr: string };

/** Runs the operator's command line as a process of its own, with nobody at the terminal. */
export function runAdmin(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return run(env, [...command, ...args]);
}

/** The same where files find no room beyond so many KiB. */
export function runAdminWithoutRoom(
  kibibytes: number,
  env: Record<string, string>,
  ...args: string[]
): Promise<Ended> {
  // POSIX counts in blocks of 512 bytes. The ignored signal would end the program instead.
  const script = `trap '' XFSZ; ulimit -f ${kibibytes * 2}; exec "$0" "$@"`;
  return run(env, ['/bin/sh', '-c', script, ...command, ...args]);
}

function run(
  env: Record<string, string>,
  [program = '', ...args]: readonly string[],
): Promise<Ended> {
  return new Promise((done) => {
    const options = {
      env: { PASSWORD_SCRYPT_LOG2N: '10', ...keepCompiled, ...fixtureProcess, ...env },
    };
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
