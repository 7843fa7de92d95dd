import { readFile } from 'node:fs/promises';

async function readMib(processId: number, field: string): Promise<number> {
  const text = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? NaN) / 1024;
}

/** MiB of a process that are in memory, or NaN where the system has no /proc. */
export const readMemoryMib = (processId: number) => readMib(processId, 'VmRSS');

/** The most that it had at any time. */
export const readPeakMemoryMib = async (processId: number) =>
  (await readMib(processId, 'VmHWM')) || 0;
