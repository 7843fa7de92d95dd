import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSiteAccess,
  entryPages,
  nameAddress,
  type AccessRules,
  type SiteAccess,
} from '@latchkey/shared';
import { doInBatches } from './batches.ts';
import type { BuiltFile } from './built-files.ts';
import { findIdleKeys } from './check-rules.ts';
import { explainWithheldFiles, type SharedFile } from './find-withheld-files.ts';
import { checkBuild } from './forbid-leaks.ts';

// usage: node check-site.ts FOLDER RULES, with the rules as JSON. `npm run admin -- check-site` runs it.

const FILES_AT_ONCE = 8;

/** What everybody gets of a site that was built elsewhere, also where no rule says so. */
const open = ['/404', ...entryPages];

/** The files that the server has: hidden ones and links are not among them. */
async function listFiles(folder: string, below = ''): Promise<BuiltFile[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const lists = entries.map(async (entry): Promise<BuiltFile[]> => {
    const name = below + entry.name;
    if (entry.name.startsWith('.') && name !== '.well-known') return [];
    if (entry.isDirectory()) return listFiles(folder, `${name}/`);
    if (!entry.isFile()) return [];
    return [{ name, path: nameAddress(name), bytes: (await stat(join(folder, name))).size }];
  });
  return (await Promise.all(lists)).flat();
}

async function shareFile(
  folder: string,
  { name, path }: BuiltFile,
  access: SiteAccess,
): Promise<SharedFile> {
  if (!/\.html?$/i.test(name)) return { name, access: access.findAccess(path) };
  const html = await readFile(join(folder, name), 'utf8');
  return { name, html, access: open.includes(path) ? 'public' : access.findPage(path, html) };
}

async function checkSite(folder: string, rules: AccessRules): Promise<string[]> {
  const files = await listFiles(folder);
  const idle = findIdleKeys(
    Object.keys(rules),
    files.map(({ path }) => path),
  );
  const logger = { warn: (text: string) => console.error(text) };
  const access = createSiteAccess(rules);
  const shared: SharedFile[] = [];
  await doInBatches(files, FILES_AT_ONCE, async (file) => {
    shared.push(await shareFile(folder, file, access));
  });
  shared.sort((one, other) => one.name.localeCompare(other.name));
  const build = { folder, files, sources: new Map<string, string>(), open };
  const leaks = await checkBuild({ ...build, access }, logger).then(
    () => [],
    (error: unknown) => [error instanceof Error ? error.message : String(error)],
  );
  return [
    ...leaks,
    ...explainWithheldFiles(shared),
    ...(idle.length > 0 ? ['ACCESS_RULES:', ...idle] : []),
  ];
}

const [folder = '', rules = '{}'] = process.argv.slice(2);
const faults = await checkSite(folder, JSON.parse(rules) as AccessRules);
for (const fault of faults) console.log(fault);
if (faults.length === 0)
  console.log('No private text stands in a public file, and every rule fits something.');
process.exitCode = faults.length > 0 ? 1 : 0;
