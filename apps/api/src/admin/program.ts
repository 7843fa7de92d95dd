import { Command } from 'commander';
import { addApprovalCommands } from './approval-commands.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addCheckSiteCommand } from './check-site-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addRemoveFactorsCommand, addRotateKeyCommand } from './factor-commands.ts';
import { addInviteCommands } from './invite-commands.ts';
import { addLogCommands } from './log-commands.ts';
import { addMailCommands } from './mail-commands.ts';
import { addMigrateCommands } from './migrate-commands.ts';
import { showLines } from './print.ts';
import { addResetLinkCommand } from './reset-link-command.ts';
import { addRoleCommands } from './role-commands.ts';
import { addSessionCommands } from './session-commands.ts';
import { addTransferCommands } from './transfer-commands.ts';
import { addUserCommands } from './user-commands.ts';

const closing = `
USER is an id, an email or a username. The running server sees every change at its next request.
Exit codes: 0 done, 1 a fault, 2 called the wrong way.
In scripts, leave out the lines that npm prints: npm run --silent admin -- user list --json`;

/** The operator's command line. It throws a CommanderError instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('npm run admin --')
    .description('Manage people, sessions, backups and the database of a Latchkey site.')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(showLines(text)) })
    .showHelpAfterError('Add --help to see how to use this command.')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', closing);
  // Made after exitOverride and the rest, which commands inherit only then.
  const user = program.command('user').description('manage people and their roles');
  addUserCommands(user);
  addTransferCommands(user);
  addApprovalCommands(user);
  addRemoveFactorsCommand(user);
  addInviteCommands(program.command('invite').description('invite people, and list invitations'));
  addRoleCommands(program.command('role').description('list roles, and give them to many people'));
  addResetLinkCommand(program);
  addSessionCommands(program.command('sessions').description('list and end sessions'));
  addMailCommands(program.command('mail').description('list mails and send them again'));
  addLogCommands(program.command('log').description('list the security log and verify it'));
  addBackupCommands(program);
  addRotateKeyCommand(program);
  addMigrateCommands(program.command('migrate').description('manage the tables of the database'));
  addCheckSiteCommand(program);
  addDoctorCommand(program);
  return program;
}
