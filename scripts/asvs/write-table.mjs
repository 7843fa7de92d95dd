// @ts-check
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

import { root } from '../workspace.mjs';
import { requirements } from './requirements.mjs';

/** @typedef {import('./find-proofs.mjs').Proof} Proof */

const opening = `# OWASP ASVS 5.0

The rows of the [Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/) that concern accounts, sessions, members' pages and logs, how each is met, and the tests that show it. \`node scripts/asvs.mjs\` writes this page from \`scripts/asvs/requirements.mjs\` and from comments such as \`// ASVS 6.2.1\` above tests; a test fails where a row has no test, and where this page is out of date.
`;

const linkProof = (/** @type {Proof} */ { file, title }) =>
  `[${title.replaceAll(/[|[\]`]/g, String.raw`\$&`)}](../${file})`;

/**
 * docs/asvs.md.
 *
 * @param {Map<string, Proof[]>} proofs
 */
export async function writeTable(proofs) {
  const chapters = Object.entries(requirements).map(([chapter, rows]) => {
    const lines = rows.map(({ id, level, asks, how }) => {
      const shown = (proofs.get(id) ?? []).map(linkProof).join('<br>');
      return `| ${id} | ${level} | ${asks} | ${how} | ${shown} |`;
    });
    const head =
      '| row | level | what it asks for | how it is met | tests |\n| - | - | - | - | - |';
    return `## ${chapter}\n\n${head}\n${lines.join('\n')}\n`;
  });
  const file = path.join(root, 'docs/asvs.md');
  const config = await resolveConfig(file);
  return format([opening, ...chapters].join('\n'), { ...config, filepath: file });
}
