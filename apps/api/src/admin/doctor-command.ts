import type { Command } from 'commander';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
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
      const findings = await examine();
      if (json) printJson({ findings });
      else console.log(findings.map(describeFinding).join('\n'));
      if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}
