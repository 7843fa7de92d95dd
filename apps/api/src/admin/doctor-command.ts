import type { Command } from 'commander';
import { examine } from './examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { printJson } from './print.ts';

const marks: Record<Finding['state'], string> = {
  ok: 'ok      ',
  warning: 'warning ',
  problem: 'PROBLEM ',
};

const describeFinding = ({ state, title, detail, advice }: Finding) =>
  [`${marks[state]} ${title}: ${detail}`, ...(advice ? [`          ${advice}`] : [])].join('\n');

/** `doctor`. */
export function addDoctorCommand(parent: Command): void {
  parent
    .command('doctor')
    .description('check settings, database, files and passwords, and say what to do')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings: Finding[] = [];
      // Beside what is printed, so that a program can read that.
      for await (const finding of examine((what) => console.error(what))) {
        findings.push(finding);
        if (!json) console.log(describeFinding(finding));
      }
      if (json) printJson({ findings });
      if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}
