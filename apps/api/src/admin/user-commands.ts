import type { User } from '@latchkey/db';
import { roleRule, type PersonInput } from '@latchkey/shared';
import type { Command } from 'commander';
import {
  deletePerson,
  grantRole,
  revokeRole,
  setDisabled,
  type Change,
  type Grant,
} from '../acts/change-person.ts';
import { describePerson } from '../operator/known-person.ts';
import { describeHash } from '../passwords/stored-hash.ts';
import { showEmail } from '../users/show-email.ts';
import { showTime } from '../text/show-time.ts';
import { count } from '../text/count-noun.ts';
import { ask, confirm } from './ask.ts';
import { createPerson } from './create-person.ts';
import { findPerson } from './find-person.ts';
import { listPeople } from './list-people.ts';
import { openSite } from './open-site.ts';
import { formatTable, printJson, showText } from './print.ts';
import { showLink } from './reset-link.ts';
import { describeLink } from '../password-resets/reset-link.ts';
import { addGrantOptions, addReason, describeRole, noteUnknownRole, parseRole } from './role.ts';

/** A value of a person as one cell: a role with its end as `role=2026-12-31T00:00:00.000Z`. */
function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (value instanceof Object)
    return Object.entries(value)
      .map((pair) => pair.join('='))
      .join(' ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function addListAndShow(parent: Command): void {
  parent
    .command('list')
    .description('list all accounts, oldest first')
    .option('--search <TEXT>', 'only people whose name, email or username contains this text')
    .option('--waiting', 'only who waits for approval')
    .option('--json', 'as JSON')
    .action(async (options: { search?: string; waiting?: true; json?: true }) => {
      await using site = await openSite();
      await listPeople(site.database, options);
    });

  parent
    .command('show')
    .description('show one person')
    .argument('<USER>')
    .option('--json', 'as JSON')
    .action(async (text: string, { json }: { json?: true }) => {
      await using site = await openSite();
      const { database } = site;
      const user = await findPerson(database, text);
      const details = {
        ...describePerson(user),
        updatedAt: user.updatedAt.toISOString(),
        passwordScheme: describeHash(user.passwordHash),
        sessions: await database.Session.count({ where: { userId: user.id } }),
      };
      if (json) return printJson(details);
      const rows = Object.entries(details).map(([field, value]) => [field, showValue(value)]);
      console.log(formatTable(['FIELD', 'VALUE'], rows));
    });
}

type CreateOptions = Partial<PersonInput> & { role: string[]; json?: true };

function addCreate(parent: Command): void {
  parent
    .command('create')
    .description('create an account, and print a one-time link to set its password')
    .option('--name <NAME>', 'asked for when missing')
    .option('--email <EMAIL>', 'asked for when missing')
    .option('--username <USERNAME>')
    .option(
      '--role <ROLE>',
      'may be given again',
      (text: string, roles: string[]) => [...roles, parseRole(text)],
      [],
    )
    .option('--json', 'as JSON')
    .action(async ({ role, json, ...given }: CreateOptions) => {
      await using site = await openSite();
      const name = given.name ?? (await ask('Name: ', '--name'));
      const email = given.email ?? (await ask('Email: ', '--email'));
      const person = { ...given, name, email };
      const roles = [...new Set(role)];
      for (const one of roles) noteUnknownRole(site.settings, one);
      const { user, reset } = await createPerson(site, person, roles);
      if (json) {
        return printJson({ user: describePerson(user), ...describeLink(site.settings, reset) });
      }
      console.log(`${showText(user.name)} <${showEmail(user.email)}> now has an account.`);
      console.log('Send them this link to set the password:');
      console.log(showLink(site.settings, reset));
    });
}

/** Says what is so now, or that it was so before. */
function report(user: User, change: Change, now: string, before = `${now} already`): void {
  const email = showEmail(user.email);
  const ended = change.endedSessions ? ` ${count(change.endedSessions, 'session')} ended.` : '';
  console.log(
    change.changed ? `${email} ${now}.${ended}` : `${email} ${before}. Nothing was changed.`,
  );
}

function addStates(parent: Command): void {
  for (const [verb, disabled, effect] of [
    ['disable', true, 'disable an account at once'],
    ['enable', false, 'enable a disabled account'],
  ] as const) {
    parent
      .command(verb)
      .description(effect)
      .argument('<USER>')
      .action(async (text: string) => {
        await using site = await openSite();
        const user = await findPerson(site.database, text);
        report(user, await setDisabled(site, user, disabled), `is ${verb}d`);
      });
  }
}

const grantEffect = 'give a person a role, such as member, and end their sessions';
const revokeEffect = 'remove a role from a person, and end their sessions';

function addRoles(parent: Command): void {
  const grant = parent
    .command('grant')
    .description(grantEffect)
    .argument('<USER>')
    .argument('<ROLE>', roleRule, parseRole)
    .action(async (text: string, role: string, options: Omit<Grant, 'role'>) => {
      await using site = await openSite();
      const user = await findPerson(site.database, text);
      const change = await grantRole(site, user, { ...options, role });
      const end = options.until ? ` until ${showTime(options.until)}` : '';
      report(user, change, `has the role ${describeRole(role)}${end}`);
      noteUnknownRole(site.settings, role);
    });
  addGrantOptions(grant);

  const revoke = parent
    .command('revoke')
    .description(revokeEffect)
    .argument('<USER>')
    .argument('<ROLE>', roleRule, parseRole)
    .action(async (text: string, role: string, options: Pick<Grant, 'reason'>) => {
      await using site = await openSite();
      const user = await findPerson(site.database, text);
      const change = await revokeRole(site, user, { ...options, role });
      report(user, change, `no longer has the role ${role}`, `has no role ${role}`);
    });
  addReason(revoke);
}

function addDelete(parent: Command): void {
  parent
    .command('delete')
    .description('delete a person and all their data')
    .argument('<USER>')
    .option('--yes', 'do not ask for confirmation')
    .action(async (text: string, { yes }: { yes?: true }) => {
      await using site = await openSite();
      const user = await findPerson(site.database, text);
      const what = `This deletes ${showText(user.name)} <${showEmail(user.email)}>, their sessions and all their data.`;
      await confirm({ what, word: showEmail(user.email), yes });
      await deletePerson(site, user);
      console.log(`${showEmail(user.email)} is deleted.`);
    });
}

/** `user list|show|create|disable|enable|grant|revoke|delete`. */
export function addUserCommands(parent: Command): void {
  addListAndShow(parent);
  addCreate(parent);
  addStates(parent);
  addRoles(parent);
  addDelete(parent);
}
