import { readInOrder, type Database } from '@latchkey/db';
import { INVITATION_MOST_USES, readEmail } from '@latchkey/shared';
import { InvalidArgumentError, type Command } from 'commander';
import {
  describeInvitation,
  describeState,
  listInvitationNotes,
  writeInvitationLink,
} from '../invitations/describe-invitation.ts';
import { nextInvitationEnd, type NewInvitation } from '../invitations/invitation.ts';
import { showEmail } from '../users/show-email.ts';
import { showTime } from '../text/show-time.ts';
import { demandEnd, demandInvitation, showInvitation } from './invitations.ts';
import { openSite } from './open-site.ts';
import { UsageError } from './operator-error.ts';
import { parseUntilArgument } from './parse-until.ts';
import { printJson } from './print.ts';
import { printJsonList, printTable } from './print-rows.ts';
import { parseRole } from './role.ts';

function parseEmail(text: string): string {
  const read = readEmail(text);
  if ('email' in read) return read.email;
  throw new InvalidArgumentError(read.fault);
}

function parseUses(text: string): number {
  const uses = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (uses >= 1 && uses <= INVITATION_MOST_USES) return uses;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${INVITATION_MOST_USES}`);
}

type CreateOptions = { email?: string; role?: string; uses?: number; until?: Date; json?: true };

function readOptions({ email, role, uses = 1, until }: CreateOptions): NewInvitation {
  if (email !== undefined && uses > 1) {
    throw new UsageError(
      'An invitation for an address makes one account. Leave out --uses, or --email.',
    );
  }
  const expiresAt = until ?? nextInvitationEnd();
  return { email: email ?? null, role: role ?? null, maxUses: uses, expiresAt };
}

function addCreate(parent: Command): void {
  parent
    .command('create')
    .description('print a link with which people can register')
    .option('--email <ADDRESS>', 'only with this address', parseEmail)
    .option('--role <ROLE>', 'the role that they get', parseRole)
    .option('--uses <N>', 'how many accounts it makes (default: 1)', parseUses)
    .option('--until <DATE>', 'the last day, or a time (default: in 30 days)', parseUntilArgument)
    .option('--json', 'as JSON')
    .action(async (options: CreateOptions) => {
      const wanted = readOptions(options);
      await using site = await openSite();
      const { settings } = site;
      const { code, invitation } = await demandInvitation(site, wanted);
      for (const note of listInvitationNotes(settings, wanted)) console.error(note);
      if (options.json) {
        const link = writeInvitationLink(settings, code);
        return printJson({ ...describeInvitation(invitation), link, code });
      }
      console.log(showInvitation(settings, wanted, code));
    });
}

const columns = [
  { heading: 'ID' },
  { heading: 'STATE', width: 'revoked'.length },
  { heading: 'FOR' },
  { heading: 'ROLE' },
  { heading: 'USED' },
  { heading: 'UNTIL' },
  { heading: 'CREATED' },
];

const listInvitations = ({ Invitation }: Database) =>
  readInOrder(Invitation, { by: ['createdAt', 'DESC'] });

async function* showInvitations(database: Database): AsyncGenerator<string[]> {
  for await (const invitation of listInvitations(database)) {
    const { id, email, role, maxUses, usesLeft, expiresAt, createdAt } = invitation;
    yield [
      id,
      describeState(invitation),
      email === null ? 'anybody' : showEmail(email),
      role ?? '',
      `${maxUses - usesLeft} of ${maxUses}`,
      showTime(expiresAt),
      showTime(createdAt),
    ];
  }
}

async function* describeInvitations(database: Database): AsyncGenerator {
  for await (const invitation of listInvitations(database)) yield describeInvitation(invitation);
}

function addListAndRevoke(parent: Command): void {
  parent
    .command('list')
    .description('list invitations, newest first; those that ended a month ago are deleted')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      await using site = await openSite();
      const { database } = site;
      await (json
        ? printJsonList(describeInvitations(database))
        : printTable(columns, showInvitations(database)));
    });

  parent
    .command('revoke')
    .description('end an invitation at once; accounts that were made with it stay')
    .argument('<ID>', 'from invite list')
    .action(async (id: string) => {
      await using site = await openSite();
      const outcome = await demandEnd(site, id);
      console.log(
        outcome === 'revoked'
          ? 'The invitation is revoked. Its link no longer works.'
          : 'The invitation was revoked already. Nothing was changed.',
      );
    });
}

/** `invite create`, `invite list` and `invite revoke`. */
export function addInviteCommands(parent: Command): void {
  addCreate(parent);
  addListAndRevoke(parent);
}
