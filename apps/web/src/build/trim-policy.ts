import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { doInBatches } from './batches.ts';
import { listBuiltFiles } from './built-files.ts';
import { policyOfPage } from './find-blocked.ts';

const inlineText = /<(script|style)\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/\1>/gi;
const hashSource = / '(sha256|sha384|sha512)-([^']+)'/g;
const FILES_AT_ONCE = 8;

/**
 * A page whose policy names only the hashes of its own inline scripts and styles. Astro adds one for
 * each script of the site; a browser never compares them with files, which `'self'` allows, and they
 * do not compress.
 */
export function trimPolicyOfPage(html: string): string {
  const texts = [...html.matchAll(inlineText)].map(([, , text = '']) => text);
  const isNeeded = (algorithm: string, hash: string) =>
    html.includes(`integrity="${algorithm}-${hash}"`) ||
    texts.some((text) => createHash(algorithm).update(text).digest('base64') === hash);
  return html.replace(policyOfPage, (meta: string) => {
    // Hashes of attributes stand in the policy then, too.
    if (meta.includes("'unsafe-hashes'")) return meta;
    return meta.replace(hashSource, (source, algorithm: string, hash: string) =>
      isNeeded(algorithm, hash) ? source : '',
    );
  });
}

async function trimFile(path: string): Promise<void> {
  const html = await readFile(path, 'utf8');
  const trimmed = trimPolicyOfPage(html);
  if (trimmed !== html) await writeFile(path, trimmed);
}

/** Takes the hashes that no browser needs out of the policies of the built pages. */
export function trimPolicies(): AstroIntegration {
  return {
    name: 'trim-policies',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const files = await listBuiltFiles(folder);
        const names = files.map(({ name }) => name).filter((name) => name.endsWith('.html'));
        await doInBatches(names, FILES_AT_ONCE, (name) => trimFile(join(folder, name)));
      },
    },
  };
}
