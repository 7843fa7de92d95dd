import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMachineMs, type CpuUse } from './cpu.ts';

const QUIET_IDLE_SHARE = 0.9;
const LOOK_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const FOREIGN_CORES_LIMIT = 0.15;
/** Rounds that may be thrown away, as a multiple of those that are wanted. */
const EXTRA_ROUNDS = 1;

/** Waits, for a while, until other programs leave the machine alone. */
async function waitForQuiet(): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < deadline) {
    const start = readMachineMs();
    await sleep(LOOK_MS);
    const end = readMachineMs();
    if ((end.idle - start.idle) / (end.total - start.total) >= QUIET_IDLE_SHARE) return;
  }
}

/** Cores that other programs kept busy. */
function countForeignCores({ machineShare, processCores, ownCores }: CpuUse): number {
  if (processCores === null) return 0;
  return Math.max(0, machineShare * cpus().length - processCores - ownCores);
}

export type Rounds<Round> = {
  rounds: Round[];
  /** Said when not enough of them were undisturbed. */
  warnings: string[];
};

/**
 * Runs a first round to warm up, and then as many as wanted that other programs did not disturb; a
 * bounded number of others is thrown away before they have to do.
 */
export async function collectRounds<Round extends { cpu: CpuUse }>(
  runRound: () => Promise<Round>,
  count: number,
): Promise<Rounds<Round>> {
  await runRound();
  const all: Round[] = [];
  const listQuiet = () => all.filter(({ cpu }) => countForeignCores(cpu) < FOREIGN_CORES_LIMIT);
  while (listQuiet().length < count && all.length < count * (1 + EXTRA_ROUNDS)) {
    await waitForQuiet();
    all.push(await runRound());
  }
  const quiet = listQuiet();
  if (quiet.length >= count) return { rounds: quiet, warnings: [] };
  const rounds = all
    .toSorted((one, other) => countForeignCores(one.cpu) - countForeignCores(other.cpu))
    .slice(0, count);
  const disturbed = count - quiet.length;
  const warning = `Other programs disturbed ${disturbed} of the ${count} rounds: run it on a quiet machine.`;
  return { rounds, warnings: [warning] };
}
