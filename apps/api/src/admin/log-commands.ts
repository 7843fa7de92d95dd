import { readInOrder, type Database, type SecurityEvent } from '@latchkey/db';
import { InvalidArgumentError, type Command } from 'commander';
import type { LogPlace } from '../security-log/chain.ts';
import { formatEnd, parseEnd, readKnownEnd } from '../security-log/known-end.ts';
import { verifySecurityLog, type Verification } from '../security-log/verify-security-log.ts';
import { showEmail } from '../users/show-email.ts';
import { count } from '../text/count-noun.ts';
import { findPerson } from './find-person.ts';
import { openSite } from './open-site.ts';
import { OperatorError } from './operator-error.ts';
import { printJsonList, printTable } from './print-rows.ts';

const IPV6_LENGTH = 39;

const columns = [
  { heading: 'ROW' },
  { heading: 'TIME' },
  { heading: 'EVENT', width: 'excess_rate_limit_exceeded'.length },
  { heading: 'OUTCOME', width: 20 },
  { heading: 'TIMES' },
  { heading: 'ADDRESS', width: IPV6_LENGTH },
  { heading: 'WHO' },
];

/** The newest first, with the people they are about. */
async function listEvents(
  database: Database,
  typed: string | undefined,
): Promise<AsyncIterable<SecurityEvent>> {
  const userId = typed === undefined ? undefined : (await findPerson(database, typed)).id;
  const ofPerson = userId === undefined ? {} : { where: { userId }, required: true };
  const include = { association: 'source', include: [{ association: 'user' }], ...ofPerson };
  return readInOrder(database.SecurityEvent, { include, by: ['id', 'DESC'] });
}

const isErased = ({ source, isPersonal }: SecurityEvent) => isPersonal && !source;

async function* describeEvents(events: AsyncIterable<SecurityEvent>): AsyncGenerator {
  for await (const row of events) {
    const { id, createdAt, event, outcome, times, source, hash } = row;
    const { userId = null, address = null, user } = source ?? {};
    const email = user ? showEmail(user.email) : null;
    const at = createdAt.toISOString();
    yield { id, at, event, outcome, times, address, userId, email, isErased: isErased(row), hash };
  }
}

async function* showEvents(events: AsyncIterable<SecurityEvent>): AsyncGenerator<string[]> {
  for await (const row of events) {
    const { id, createdAt, event, outcome, times, source } = row;
    yield [
      String(id),
      `${createdAt.toISOString().slice(0, 19).replace('T', ' ')}Z`,
      event,
      outcome ?? '',
      String(times),
      source?.address ?? '',
      isErased(row) ? '(erased)' : source?.user ? showEmail(source.user.email) : '',
    ];
  }
}

function readEndArgument(text: string): LogPlace {
  const end = parseEnd(text);
  if (!end) throw new InvalidArgumentError('Give it as log verify printed it: ROW:HASH.');
  return end;
}

function report(found: Verification): void {
  if (found.outcome === 'broken') {
    throw new OperatorError(
      `Row ${found.row} of the security log ${found.fault}. Keep a copy of the database as it is, and compare it with a backup.`,
    );
  }
  const { rows, erased, end, isKnownPurged } = found;
  const people = erased > 0 ? `, ${erased} of them about people who were deleted since` : '';
  console.log(`The security log is whole: ${count(rows, 'row')}${people}.`);
  if (isKnownPurged) console.log('An end that was noted before is purged by now.');
  if (end.id > 0) {
    console.log(`Its end: ${formatEnd(end)}`);
    console.log('Note it outside of this machine. Next time: log verify --known-end ROW:HASH');
  }
}

/** `log list` and `log verify`. */
export function addLogCommands(parent: Command): void {
  parent
    .command('list')
    .description('list who did what, when and from where, newest first')
    .option('--user <USER>', 'only what is about this person')
    .option('--json', 'as JSON')
    .action(async ({ user, json }: { user?: string; json?: true }) => {
      await using site = await openSite();
      const events = await listEvents(site.database, user);
      if (json) await printJsonList(describeEvents(events));
      else await printTable(columns, showEvents(events));
    });

  parent
    .command('verify')
    .description('check that no row was changed, removed or moved; exit code 1 names the first')
    .option('--known-end <ROW:HASH>', 'an end noted before, which must be in it', readEndArgument)
    .action(async ({ knownEnd }: { knownEnd?: LogPlace }) => {
      await using site = await openSite();
      const known = [await readKnownEnd(site.settings), knownEnd ?? null].filter(
        (end) => end !== null,
      );
      report(await verifySecurityLog(site.database, known));
    });
}
