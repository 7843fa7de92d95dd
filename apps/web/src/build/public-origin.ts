import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

function readSettingsFile(file: URL): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * The site's address as people see it, from PUBLIC_URL of the environment or, after it, of a file of
 * settings. Undefined when it is not set, or no address: the server says so when it starts.
 */
export function readPublicOrigin(env: NodeJS.Dict<string>, file: URL): string | undefined {
  const text = env['PUBLIC_URL']?.trim() || readSettingsFile(file)['PUBLIC_URL']?.trim();
  return (text && URL.parse(text)?.origin) || undefined;
}
