import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { settingsForTests } from '../fixtures/server.ts';
import type { BuiltSite } from './build-site.ts';
import { serve } from './test.ts';

const root = path.resolve(import.meta.dirname, '../..');
const command = ['apps/api/src/admin/main.ts', 'check-site'];

/** Runs the operator's command on a site that no server has: its exit code, and what it printed. */
export async function runCheckSite(site: BuiltSite) {
  const env = { PATH: process.env['PATH'], ...settingsForTests, ...serve(site) };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: [...stdio] });
  const exited = once(child, 'exit');
  const said = await text(child.stdout);
  const [code] = (await exited) as [number | null];
  return { code, said };
}
