import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';

function readSettingsFile(file: URL | undefined): NodeJS.Dict<string> {
  if (!file) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * The site's address as people see it, from PUBLIC_URL of the environment or, after it, of a file of
 * settings: `.env`, unless LATCHKEY_ENV_FILE names another, or none. Undefined when it is not set, or no address: the server says so when it starts.
 */
export function readPublicOrigin(env: NodeJS.Dict<string>, root: URL): string | undefined {
  const { LATCHKEY_ENV_FILE: name = '.env' } = env;
  const file = name.trim() ? pathToFileURL(resolve(fileURLToPath(root), name)) : undefined;
  const text = env['PUBLIC_URL']?.trim() || readSettingsFile(file)['PUBLIC_URL']?.trim();
  return (text && URL.parse(text)?.origin) || undefined;
}
