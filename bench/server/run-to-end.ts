import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program, and returns what it wrote. Rejects where it fails. */
export async function runToEnd(
  program: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    env: { ...process.env, ...env },
  });
  return stdout;
}
