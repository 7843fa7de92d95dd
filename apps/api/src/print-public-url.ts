import { loadSettings } from './settings/settings.ts';
import { describeStartFault } from './process/start-fault.ts';

// For what builds the site or starts the server: tells every fault of the settings before the work
// begins, and prints PUBLIC_URL where it is set.
try {
  const { givenOrigin = '', warnings } = loadSettings();
  for (const sentence of warnings) console.error(`Warning: ${sentence}`);
  console.log(givenOrigin);
} catch (error) {
  console.error(describeStartFault(error));
  process.exitCode = 1;
}
