import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Settings } from '../settings/settings.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const canonical = /<link rel="canonical" href="([^"]+)"/;
const advice = 'Also set PUBLIC_URL where the site is built, and run: npm run build';

/**
 * Whether the pages were built for the address that people see. Without one they lack what search
 * engines and links want; on localhost nobody misses it.
 *
 * @param folder where the built site is
 */
export async function examineSite(
  { publicOrigin, isHttps, siteFolder }: Settings,
  folder = siteFolder,
): Promise<Finding[]> {
  const html = await readFile(resolve(folder, 'index.html'), 'utf8').catch(() => null);
  if (html === null) return [problem('site', 'it is not built', 'Run: npm run build')];
  const [, address] = canonical.exec(html) ?? [];
  if (address === undefined) {
    if (!isHttps) return [ok('site', 'built, without a public address')];
    return [warning('site', `its pages were built without the address ${publicOrigin}`, advice)];
  }
  const { origin } = new URL(address);
  if (origin === publicOrigin) return [ok('site', `built for ${origin}`)];
  const detail = `its pages were built for ${origin}, but PUBLIC_URL is ${publicOrigin}`;
  return [warning('site', detail, advice)];
}
