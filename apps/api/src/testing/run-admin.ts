import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { projectRoot } from '../settings.ts';
import { keepCompiled } from './compiled.ts';

const program = resolve(projectRoot, 'apps/api/src/admin/main.ts');

/** Runs the operator's command line as a process of its own, with nobody at the terminal. */
export function runAdmin(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { env: { PASSWORD_SCRYPT_LOG2N: '10', ...keepCompiled, ...env } };
    const child = execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
