import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { generators, type GeneratorName } from './generators.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Below the project's folder, where the generators' packages are found. */
const place = path.join(root, '.cache/other-generators');

export type BuiltSite = {
  /** The folder that the generator wrote. */
  folder: string;
  /** The file of its access rules. */
  rules: string;
  [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * Builds a generator's site, in a folder of its own. Take it with `await using`.
 *
 * @param change of its sources, before it is built
 */
export async function buildSite(
  name: GeneratorName,
  change: (folder: string) => Promise<void> = async () => undefined,
): Promise<BuiltSite> {
  const { source, command } = generators[name];
  const from = path.join(import.meta.dirname, source);
  await mkdir(place, { recursive: true });
  const folder = await mkdtemp(path.join(place, `${source}-`));
  await cp(from, folder, { recursive: true });
  // Astro asks it which packages are made for Astro.
  await cp(path.join(root, 'e2e/package.json'), path.join(folder, 'package.json'));
  await change(folder);
  const output = path.join(folder, 'output');
  const [program = '', ...args] = command?.(output) ?? [];
  await promisify(execFile)(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  return {
    folder: output,
    rules: path.join(from, 'rules.json'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
