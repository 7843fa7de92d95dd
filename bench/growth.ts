import { join } from 'node:path';
import { runCommand, type CommandRun } from './growth/command-line.ts';
import { explainStatements, type Plan } from './growth/explain-statements.ts';
import { measurePurge } from './growth/measure-purge.ts';
import { questions, type QuestionName } from './growth/questions.ts';
import {
  createCrowd,
  recordStatements,
  type Crowd,
  type RunningCrowd,
} from './growth/start-crowd.ts';
import { readMemoryMib } from './measure/memory.ts';
import { SkipError, type Benchmark, type BenchmarkOptions, type Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { startPostgres } from './server/start-postgres.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const SIZES = [1000, 100_000];
const ROUNDS = 5;
/** Times that each question is asked in a round, of each crowd in turn. */
const SAMPLES = 15;
const SHORT_ROUNDS = 3;
const MOST_GROWTH = 1.3;

/** What was measured of each crowd, a list for each round. */
type Series = { measure: string; unit: string; values: number[][] };

const names = Object.keys(questions) as QuestionName[];

async function timeOne(crowd: RunningCrowd, name: QuestionName): Promise<number> {
  const start = performance.now();
  const { status, body } = await questions[name](crowd);
  if (status !== 200) throw new Error(`${name} was answered with ${status}: ${body.slice(0, 200)}`);
  return performance.now() - start;
}

/** The median of each crowd: all are asked the same again and again, one after the other. */
async function runRound(crowds: RunningCrowd[], name: QuestionName): Promise<number[]> {
  const times: number[][] = crowds.map(() => []);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    for (const [index, crowd] of crowds.entries()) {
      times[index]?.push(await timeOne(crowd, name));
    }
  }
  return times.map(findMedian);
}

/** Says what was measured at once: the table comes minutes later. */
function tell(series: Series): Series {
  const { measure, unit, values } = series;
  const medians = (values[0] ?? []).map((_, crowd) =>
    formatAmount(findMedian(values.map((round) => round[crowd] ?? NaN)), unit),
  );
  console.log(`  ${measure}: ${medians.join(', ')}`);
  return series;
}

async function collect(
  measure: string,
  unit: string,
  rounds: number,
  runOne: () => Promise<number[]>,
): Promise<Series> {
  const values: number[][] = [];
  while (values.length < rounds) values.push(await runOne());
  return tell({ measure, unit, values });
}

async function askQuestions(crowds: RunningCrowd[]): Promise<Series[]> {
  const all: Series[] = [];
  for (const name of names) {
    await runRound(crowds, name);
    all.push(await collect(name, 'ms', ROUNDS, () => runRound(crowds, name)));
  }
  const memory = crowds.map(({ server }) => readMemoryMib(server.processId));
  const mib = await Promise.all(memory);
  return [...all, tell({ measure: 'resident size of the server', unit: 'MiB', values: [mib] })];
}

async function inTurn<Result>(
  crowds: Crowd[],
  measure: (crowd: Crowd) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const crowd of crowds) results.push(await measure(crowd));
  return results;
}

/** Starts each server anew with sessions that are over. */
async function startAndPurge(crowds: Crowd[]): Promise<Series[]> {
  const rounds: { startMs: number; purgeMs: number }[][] = [];
  while (rounds.length < SHORT_ROUNDS) rounds.push(await inTurn(crowds, measurePurge));
  const pick = (key: 'startMs' | 'purgeMs') => rounds.map((round) => round.map((run) => run[key]));
  return [
    tell({ measure: 'start of the server', unit: 'ms', values: pick('startMs') }),
    tell({ measure: 'purge of 5,000 sessions that are over', unit: 'ms', values: pick('purgeMs') }),
  ];
}

const commands = {
  'user list --json': 'user list, its first lines',
  'sessions list --json': 'sessions list, its first lines',
  doctor: 'doctor, its first line',
};

async function runCommands(crowds: Crowd[]): Promise<Series[]> {
  const all: Series[] = [];
  for (const [line, measure] of Object.entries(commands)) {
    const run = async ({ url }: Crowd) =>
      (await runCommand(url, line.split(' '), { mayBeCut: true })).firstOutputMs;
    all.push(await collect(measure, 'ms', SHORT_ROUNDS, () => inTurn(crowds, run)));
  }
  return all;
}

const describeRun = ({ totalMs, peakMib, lines }: CommandRun) =>
  `${(totalMs / 1000).toFixed(1)} s, ${peakMib.toFixed(0)} MiB, ${lines} lines`;

/** Whole lists are as long as there are people: what is asked of them is that they take little memory. */
async function runWholeLists(crowds: Crowd[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const line of ['user list', 'sessions list', 'doctor']) {
    const runs = await inTurn(crowds, ({ url }) => runCommand(url, line.split(' ')));
    const [first] = runs;
    for (const [index, run] of runs.entries()) {
      if (index === 0 || !first) continue;
      rows.push({
        measure: `${line} to its end, most memory, ${describePeople(crowds[index])}`,
        yardstick: describePeople(crowds[0]),
        ratios: [run.peakMib / first.peakMib],
        meaning: `${describeRun(run)} against ${describeRun(first)}.`,
      });
    }
  }
  return rows;
}

const describePeople = (crowd: Crowd | undefined) =>
  `${crowd?.people.toLocaleString('en') ?? ''} people`;

const formatAmount = (value: number, unit: string) =>
  `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`;

/** A row for each crowd but the smallest, which is the yardstick of all. */
function compareSizes(crowds: Crowd[], { measure, unit, values }: Series): Row[] {
  return crowds.slice(1).map((crowd, index) => {
    const median = (of: number) => findMedian(values.map((round) => round[of] ?? NaN));
    return {
      measure: `${measure}, ${describePeople(crowd)}`,
      yardstick: describePeople(crowds[0]),
      ratios: values.map((round) => (round[index + 1] ?? NaN) / (round[0] ?? NaN)),
      target: { atMost: MOST_GROWTH },
      meaning: `${formatAmount(median(index + 1), unit)} against ${formatAmount(median(0), unit)}.`,
    };
  });
}

function describePlans(plans: Plan[], crowd: Crowd): Row {
  const scans = plans.filter(({ isScan }) => isScan);
  return {
    measure: `statements that read through a table, ${describePeople(crowd)}`,
    yardstick: 'statements',
    ratios: [scans.length / plans.length],
    target: { atMost: 0 },
    meaning: `${scans.length} of ${plans.length}, of all that the questions, the start and the purge above asked.`,
    warnings: scans.map(({ statement }) => `It reads through a table: ${statement}`),
    details: plans.flatMap(({ statement, steps }) => [
      statement,
      ...steps.map((step) => `  ${step}`),
    ]),
  };
}

/** Asks each question once of the largest crowd, whose server writes its statements down. */
async function explainQuestions(crowd: Crowd): Promise<Row> {
  await using folder = await createTemporaryFolder();
  const file = join(folder.path, 'statements');
  {
    await using running = await crowd.start(recordStatements(file));
    for (const name of names) await timeOne(running, name);
  }
  return describePlans(await explainStatements(crowd.url, file), crowd);
}

async function measureAll(crowds: Crowd[]): Promise<Row[]> {
  const series: Series[] = [];
  {
    await using stack = new AsyncDisposableStack();
    const running: RunningCrowd[] = [];
    for (const crowd of crowds) running.push(stack.use(await crowd.start()));
    series.push(...(await askQuestions(running)));
  }
  series.push(...(await startAndPurge(crowds)), ...(await runCommands(crowds)));
  const largest = crowds.at(-1);
  return [
    ...series.flatMap((one) => compareSizes(crowds, one)),
    ...(await runWholeLists(crowds)),
    ...(largest ? [await explainQuestions(largest)] : []),
  ];
}

const say = (crowd: Crowd, seconds: number) => {
  const size = crowd.fileMib === null ? '' : `, ${crowd.fileMib.toFixed(0)} MiB`;
  console.log(`  ${describePeople(crowd)}: made in ${seconds.toFixed(0)} s${size}`);
};

async function createCrowds(
  stack: AsyncDisposableStack,
  sizes: number[],
  urlOf: (people: number) => Promise<string | undefined>,
): Promise<Crowd[]> {
  const crowds: Crowd[] = [];
  for (const people of sizes.toSorted((one, other) => one - other)) {
    const start = performance.now();
    const crowd = stack.use(await createCrowd(people, await urlOf(people)));
    say(crowd, (performance.now() - start) / 1000);
    crowds.push(crowd);
  }
  return crowds;
}

export const growth: Benchmark = {
  name: 'growth',
  title: 'What gets slower as people are added, on SQLite?',
  async run({ people = SIZES }: BenchmarkOptions) {
    await using stack = new AsyncDisposableStack();
    const crowds = await createCrowds(stack, people, () => Promise.resolve(undefined));
    return await measureAll(crowds);
  },
};

async function startPostgresOrSkip() {
  try {
    return await startPostgres();
  } catch (error) {
    throw new SkipError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export const growthOnPostgres: Benchmark = {
  name: 'growth-postgres',
  title: 'What gets slower as people are added, on PostgreSQL?',
  async run({ people = SIZES }: BenchmarkOptions) {
    await using stack = new AsyncDisposableStack();
    const postgres = stack.use(await startPostgresOrSkip());
    const crowds = await createCrowds(stack, people, () => postgres.createDatabase());
    return await measureAll(crowds);
  },
};
