import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

const TICKS_PER_SECOND = 100;

/** Processor seconds a process and its threads have used, or null where the system has no /proc. */
export async function readProcessSeconds(processId: number): Promise<number | null> {
  const text = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function readMachineMs(): { idle: number; total: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const busy = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
  return { idle, total: idle + busy };
}

export type CpuUse = {
  /** Cores the process kept busy on average, or null where that cannot be read. */
  processCores: number | null;
  /** Cores that this process, the client, kept busy. */
  ownCores: number;
  /** Share of the whole machine that was busy, from 0 to 1. */
  machineShare: number;
};

/** Starts watching; the returned function says what was used since. */
export async function watchCpu(processId: number): Promise<() => Promise<CpuUse>> {
  const start = { at: performance.now(), seconds: await readProcessSeconds(processId) };
  const own = process.cpuUsage();
  const machine = readMachineMs();
  return async () => {
    const seconds = await readProcessSeconds(processId);
    const now = readMachineMs();
    const elapsedSeconds = (performance.now() - start.at) / 1000;
    const { user, system } = process.cpuUsage(own);
    return {
      ownCores: (user + system) / 1_000_000 / elapsedSeconds,
      processCores:
        seconds === null || start.seconds === null
          ? null
          : (seconds - start.seconds) / elapsedSeconds,
      machineShare: 1 - (now.idle - machine.idle) / Math.max(1, now.total - machine.total),
    };
  };
}
