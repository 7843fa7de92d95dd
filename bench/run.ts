import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cluster } from './cluster.ts';
import { databases } from './databases.ts';
import { growth, growthOnPostgres } from './growth.ts';
import {
  formatRows,
  SkipError,
  summariseRow,
  type Benchmark,
  type BenchmarkOptions,
} from './measure/ratio.ts';
import { pages } from './page-delivery.ts';
import { loginCost } from './login-cost.ts';
import { loginTiming } from './login-timing.ts';
import { longWork } from './long-work.ts';
import { mailTiming } from './mail-timing.ts';
import { passwordEngines } from './password-engines.ts';
import { securityLog } from './security-log.ts';
import { endWithSignals } from './server/end-with-signals.ts';
import { sessionCheck } from './session-check.ts';
import { sessionUnderLoad } from './session-under-load.ts';
import { startUp } from './start-up.ts';

// usage: npm run bench [-- NAME… --json FILE --people 1000,100000,5000000]
const benchmarks = [
  sessionCheck,
  pages,
  sessionUnderLoad,
  loginCost,
  loginTiming,
  mailTiming,
  securityLog,
  passwordEngines,
  databases,
  growth,
  growthOnPostgres,
  longWork,
  startUp,
  cluster,
];

/** Prints the table of a benchmark, and returns the same as data. */
async function runAndPrint({ name, title, run }: Benchmark): Promise<object> {
  console.log(`\n${name}: ${title}`);
  try {
    const rows = await run(options);
    console.log(formatRows(rows));
    return { name, title, rows: rows.map(summariseRow) };
  } catch (error) {
    if (!(error instanceof SkipError)) throw error;
    console.log(`  skipped: ${error.message}`);
    return { name, title, skipped: error.message };
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: { json: { type: 'string' }, people: { type: 'string' }, list: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

/** `1000,100000` as numbers. */
function readPeople(text: string | undefined): BenchmarkOptions {
  if (text === undefined) return {};
  const people = text.split(',').map((size) => Number(size.replaceAll('_', '')));
  if (people.every((size) => Number.isInteger(size) && size >= 10)) return { people };
  console.error('--people takes whole numbers of people, such as 1000,100000.');
  return process.exit(2);
}

const { values, positionals: wanted } = readArguments();
const options = readPeople(values.people);
if (values.list) {
  for (const { name, title } of benchmarks) console.log(`${name.padEnd(20)} ${title}`);
  process.exit();
}
const names = benchmarks.map(({ name }) => name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}
endWithSignals();
const start = performance.now();
console.log('Each number is a multiple of its yardstick, measured in turns with it in this run.');
const results: object[] = [];
for (const benchmark of benchmarks) {
  if (wanted.length === 0 || wanted.includes(benchmark.name)) {
    results.push(await runAndPrint(benchmark));
  }
}
if (values.json !== undefined) {
  // npm runs it in the project's folder, and says where the person stands.
  const file = resolve(process.env['INIT_CWD'] ?? '.', values.json);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}
console.log(`\nDone in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
// The embedded PostgreSQL leaves handlers behind that would keep the process.
process.exit();
