import { setTimeout as wait } from 'node:timers/promises';
import { describeTrouble, parseDatabaseUrl, type Database } from '@latchkey/db';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { Settings } from '../settings/settings.ts';
import { examineAddress } from './examine-address.ts';
import { examineApprovals } from './examine-approvals.ts';
import { countPeople, examineMigrations, examineWriting } from './examine-database.ts';
import { examineFactors } from './examine-factors.ts';
import { examineFiles } from './examine-files.ts';
import { examineLiveSite } from './examine-live-site.ts';
import { examineMail } from './examine-mail.ts';
import { examinePassword } from './examine-password.ts';
import { examineSecurityLog } from './examine-security-log.ts';
import { examineSettings } from './examine-settings.ts';
import { examineSite } from './examine-site.ts';
import { ok, problem, warning, type Finding } from './finding.ts';
import { hideSecrets } from './hide-secrets.ts';

const KEPT_MS = 30_000;
/** An operator waits no longer than that, whatever does not answer. */
const PATIENCE_MS = 6000;
/** All of many would take minutes. */
const MOST_FACTORS = 2000;

/** What was found: problems first, then warnings. `at` is when it was looked at, in ISO 8601. */
type Examination = { findings: Finding[]; at: string };

/** Looks at the site, or tells what was found a moment ago. */
export type Checkup = () => Promise<Examination>;

type Parts = {
  settings: Settings;
  database: Database;
  passwords: Pick<PasswordHasher, 'engine' | 'hash' | 'countWork'>;
};
type Check = () => Finding[] | Promise<Finding[]>;

/** What may be looked at while people use the site: nothing that reads a whole table or file. */
const listChecks = ({ settings, database, passwords }: Parts): Record<string, Check> => ({
  settings: () => examineSettings(settings),
  address: () => examineAddress(settings),
  site: () => examineSite(settings),
  'file rights': () => examineFiles(settings),
  'password hash': () => examinePassword(settings, passwords),
  mail: () => collect(examineMail(settings)),
  'live site': () => examineLiveSite(settings),
  database: () => describeEngine(settings, database),
  migrations: () => examineMigrations(database),
  writing: () => examineWriting(database),
  people: () => countPeople(database),
  approval: () => examineApprovals(settings, database),
  'second factors': () => examineFactors(settings, database, MOST_FACTORS),
  'security log': () => examineSecurityLog(database, settings),
});

function describeEngine({ databaseUrl }: Settings, { engine }: Database): Finding[] {
  const { label } = parseDatabaseUrl(databaseUrl);
  return [ok('database', `${label} answers (${engine.name} ${engine.version})`)];
}

const run = async (check: Check) => check();

async function collect(findings: AsyncIterable<Finding>): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of findings) all.push(finding);
  return all;
}

function explainFault(title: string, fault: unknown): Finding {
  const detail = fault instanceof Error ? fault.message : String(fault);
  const advice = describeTrouble(fault) ?? 'Ask at the command line: npm run admin -- doctor';
  return problem(title, detail, advice);
}

const order: Finding['state'][] = ['problem', 'warning', 'ok'];

/**
 * What `doctor` looks at, from within a server. Whoever asks while it looks, or within half a minute,
 * gets the same answer; what does not answer in time is said to be late, and is not asked again until it
 * has ended.
 *
 * @see docs/decisions/0081-health-and-figures-in-the-browser.md
 */
export function createCheckup(
  parts: Parts,
  { keptMs = KEPT_MS, patienceMs = PATIENCE_MS, checks = listChecks(parts) } = {},
): Checkup {
  const hide = hideSecrets(parts.settings);
  const underWay = new Map<string, Promise<Finding[]>>();
  let last: Promise<Examination> | undefined;
  let keptUntil = Infinity;

  function start(title: string, check: Check): Promise<Finding[]> {
    const running =
      underWay.get(title) ??
      run(check)
        .catch((fault: unknown) => [explainFault(title, fault)])
        .finally(() => underWay.delete(title));
    underWay.set(title, running);
    const late = warning(
      title,
      `nothing was found out within ${patienceMs / 1000} seconds`,
      'Look again in a minute, or ask at the command line: npm run admin -- doctor',
    );
    return Promise.race([running, wait(patienceMs, [late], { ref: false })]);
  }

  async function look(): Promise<Examination> {
    const found = await Promise.all(
      Object.entries(checks).map(([title, check]) => start(title, check)),
    );
    const findings = found
      .flat()
      .map(hide)
      .toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
    keptUntil = performance.now() + keptMs;
    return { findings, at: new Date().toISOString() };
  }

  return () => {
    if (last && performance.now() < keptUntil) return last;
    keptUntil = Infinity;
    last = look();
    return last;
  };
}
