import { databases } from './databases.ts';
import { formatRows, SkipError, type Benchmark } from './measure/ratio.ts';
import { pages } from './page-delivery.ts';
import { loginTiming } from './login-timing.ts';
import { passwordEngines } from './password-engines.ts';
import { endWithSignals } from './server/end-with-signals.ts';
import { sessionCheck } from './session-check.ts';
import { sessionUnderLoad } from './session-under-load.ts';

// usage: npm run bench [-- NAME…]
const benchmarks = [sessionCheck, sessionUnderLoad, loginTiming, passwordEngines, pages, databases];

async function runAndPrint({ name, title, run }: Benchmark): Promise<void> {
  console.log(`\n${name}: ${title}`);
  try {
    console.log(formatRows(await run()));
  } catch (error) {
    if (!(error instanceof SkipError)) throw error;
    console.log(`  skipped: ${error.message}`);
  }
}

const wanted = process.argv.slice(2);
const names = benchmarks.map(({ name }) => name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}
endWithSignals();
const start = performance.now();
console.log('Each number is a multiple of its yardstick, measured in turns with it in this run.');
for (const benchmark of benchmarks) {
  if (wanted.length === 0 || wanted.includes(benchmark.name)) await runAndPrint(benchmark);
}
console.log(`\nDone in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
// The embedded PostgreSQL leaves handlers behind that would keep the process.
process.exit();
