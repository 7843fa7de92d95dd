// @ts-check
import path from 'node:path';

import { root } from '../workspace.mjs';
import { visitImports } from './visit-imports.mjs';

/**
 * What a folder may import besides itself: workspaces, types of workspaces, and, when
 * `packages` is given, these packages only and nothing of Node.
 *
 * @type {Record<string, { workspaces: string[], types?: string[], packages?: string[] }>}
 */
const directions = {
  'packages/shared': { workspaces: [], packages: ['zod', 'zod/mini'] },
  'packages/db': { workspaces: ['@latchkey/shared'] },
  'apps/api': { workspaces: ['@latchkey/db', '@latchkey/shared'] },
  'apps/web': { workspaces: ['@latchkey/shared'], types: ['@latchkey/api/router'] },
  e2e: { workspaces: [] },
  bench: { workspaces: ['@latchkey/db'] },
  scripts: { workspaces: [] },
};

const testOrConfig = /\.test\.ts$|\.config\.(ts|mjs)$/;

/** @type {import('eslint').Rule.RuleModule} */
export const importDirections = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      leaves: '{{folder}} may not import "{{source}}": a relative import stays inside its package.',
      workspace: '{{folder}} may not import "{{source}}". It may import: {{allowed}}.',
      typeOnly: '{{folder}} may import only types from "{{source}}": write `import type`.',
      outside:
        '{{folder}} may not import "{{source}}": it also runs in browsers. It may import: {{allowed}}.',
    },
  },
  create(context) {
    const place = findFolder(context.filename);
    if (!place) return {};
    return visitImports((node, source, typeOnly) => {
      const messageId = findFault(place, source, typeOnly);
      if (!messageId) return;
      const data = { folder: place.folder, source, allowed: describeAllowed(place) };
      context.report({ node, messageId, data });
    });
  },
};

/** @typedef {{ folder: string, root: string, file: string }} Place */

/** @param {Place} place */
function describeAllowed(place) {
  const { workspaces, types = [], packages = [] } = findDirections(place);
  const allowed = [...workspaces, ...types.map((type) => `types of ${type}`), ...packages];
  return allowed.join(', ') || 'no workspace';
}

/** @param {Place} place */
function findDirections({ folder }) {
  return directions[folder] ?? { workspaces: [] };
}

/**
 * @param {string} file
 * @returns {Place | null}
 */
function findFolder(file) {
  const folder = Object.keys(directions).find((name) =>
    file.startsWith(path.join(root, name) + path.sep),
  );
  return folder ? { folder, root: path.join(root, folder), file } : null;
}

/**
 * @param {Place} place
 * @param {string} source
 * @param {boolean} typeOnly
 */
function findFault(place, source, typeOnly) {
  // The package's own entry of `imports`, which cannot lead out of it.
  if (source.startsWith('#')) return null;
  if (source.startsWith('.') || source.startsWith('/'))
    return leavesFolder(place, source) ? 'leaves' : null;
  const { workspaces, types = [], packages } = findDirections(place);
  if (!source.startsWith('@latchkey/')) {
    const free = !packages || packages.includes(source) || testOrConfig.test(place.file);
    return free ? null : 'outside';
  }
  if (isOrIsBelow(source, [...workspaces, ownName(place)])) return null;
  if (types.includes(source)) return typeOnly ? null : 'typeOnly';
  return 'workspace';
}

/**
 * @param {Place} place
 * @param {string} source
 */
function leavesFolder({ root, file }, source) {
  // A script inside page.astro is linted as the file page.astro/1_1.ts.
  const from = path.dirname(file.replace(/(\.astro)[\\/][^\\/]+$/, '$1'));
  const target = path.resolve(from, source);
  return target !== root && !target.startsWith(root + path.sep);
}

/** @param {Place} place */
function ownName({ folder }) {
  return `@latchkey/${path.basename(folder)}`;
}

/**
 * @param {string} source
 * @param {string[]} names
 */
function isOrIsBelow(source, names) {
  return names.some((name) => source === name || source.startsWith(`${name}/`));
}
