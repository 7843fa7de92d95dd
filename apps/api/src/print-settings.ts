import { loadSettings } from './settings/settings.ts';
import { describeStartFault } from './process/start-fault.ts';

// For what builds the site or starts the server: tells every fault of the settings before the work
// begins, and prints PUBLIC_URL where it is set. With --json it prints what a proxy in front needs, too.
try {
  const { givenOrigin = '', warnings, ...settings } = loadSettings();
  for (const sentence of warnings) console.error(`Warning: ${sentence}`);
  const { host, port, databaseUrl, trustedProxies } = settings;
  const json = JSON.stringify({ givenOrigin, host, port, databaseUrl, trustedProxies });
  console.log(process.argv[2] === '--json' ? json : givenOrigin);
} catch (error) {
  console.error(describeStartFault(error));
  process.exitCode = 1;
}
