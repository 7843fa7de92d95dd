import { CommanderError } from 'commander';
import { describeStartFault } from '../process/start-fault.ts';
import { createProgram } from './program.ts';
import { OperatorError } from './operator-error.ts';
import { guardTerminal } from './print.ts';

const USAGE = 2;

// `… | head` closes the pipe when it has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Sequelize tells there of a transaction that failed, and the error that follows tells of it in words.
console.warn = () => undefined;

guardTerminal();
try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said what is wrong; asking for help is no fault.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else {
    console.error(describeStartFault(error));
    process.exitCode = error instanceof OperatorError ? error.exitCode : 1;
  }
}
