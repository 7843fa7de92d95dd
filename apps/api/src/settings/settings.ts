import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { findConflicts } from './settings-conflicts.ts';
import { loadSettingsFile } from './settings-file.ts';
import { accessRulesFile } from './access-rules-file.ts';
import { chooseMail, mailFrom, smtpUrl } from './mail-settings.ts';
import { chooseOidc } from './oidc-settings.ts';
import { findMisspeltVariables } from './settings-names.ts';
import {
  bearerToken,
  claimName,
  clientId,
  contact,
  databaseUrl,
  emailDomains,
  factorDemand,
  flag,
  folderPath,
  host,
  issuer,
  label,
  origin,
  originList,
  publicUrl,
  wholeNumber,
} from './settings-values.ts';

/** The folder that holds package.json, whatever folder the process was started in. */
export const projectRoot = resolve(import.meta.dirname, '../../../..');

const hours = 3600;
const days = 24 * hours;

const schema = z
  .object({
    PORT: wholeNumber(0, 65535).default(3000),
    HOST: host.default('127.0.0.1'),
    PUBLIC_URL: publicUrl.optional(),
    DATA_DIR: folderPath.default('data'),
    DATABASE_URL: databaseUrl.optional(),
    DATABASE_POOL: wholeNumber(1, 1000).default(10),
    DATABASE_STATEMENT_TIMEOUT_SECONDS: wholeNumber(1, 3600).default(30),
    TRUST_PROXY: wholeNumber(0, 16).default(0),
    MAX_CONNECTIONS: wholeNumber(10, 100_000).default(2000),
    ALLOWED_ORIGINS: originList.default([]),
    EXPLAIN_LOGIN_ERRORS: flag.default(false),
    REGISTRATION: z
      .enum(['open', 'approval', 'invited', 'closed'], 'must be open, approval, invited or closed')
      .default('open'),
    ALLOWED_EMAIL_DOMAINS: emailDomains.default([]),
    REQUIRE_SECOND_FACTOR: factorDemand.default([]),
    CONTACT: contact.optional(),
    SITE_DIR: folderPath.optional(),
    ACCESS_RULES: accessRulesFile(projectRoot).optional(),
    SMTP_URL: smtpUrl.optional(),
    MAIL_FROM: mailFrom.optional(),
    OIDC_ISSUER: issuer.optional(),
    OIDC_CLIENT_ID: clientId.optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    OIDC_LABEL: label.optional(),
    OIDC_ROLES_CLAIM: claimName.optional(),
    HSTS: z
      .enum(['subdomains', 'host', 'off', 'forget'], 'must be subdomains, host, off or forget')
      .default('subdomains'),
    LOG_LEVEL: z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'must be fatal, error, warn, info, debug, trace or silent',
      )
      .default('info'),
    SECURITY_LOG_DAYS: wholeNumber(0, 36_500).default(365),
    FREE_READS: wholeNumber(0, 1000).default(5),
    SESSION_IDLE_SECONDS: wholeNumber(1, 365 * days).default(1 * hours),
    SESSION_ABSOLUTE_SECONDS: wholeNumber(1, 365 * days).default(24 * hours),
    SESSION_STAY_IDLE_SECONDS: wholeNumber(1, 365 * days).default(14 * days),
    SESSION_STAY_ABSOLUTE_SECONDS: wholeNumber(1, 365 * days).default(30 * days),
    SESSION_TOUCH_SECONDS: wholeNumber(0, 1 * days).default(60),
    SESSION_MAX_PER_PERSON: wholeNumber(1, 1000).default(50),
    PASSWORD_ENGINE: z
      .enum(['auto', 'native', 'scrypt-js'], 'must be auto, native or scrypt-js')
      .default('auto'),
    PASSWORD_SCRYPT_LOG2N: wholeNumber(10, 20).default(17),
    PASSWORD_SCRYPT_R: wholeNumber(1, 32).default(8),
    PASSWORD_SCRYPT_P: wholeNumber(1, 16).default(1),
    PASSWORD_CONCURRENCY: wholeNumber(1, 64).default(availableParallelism()),
    PASSWORD_QUEUE: wholeNumber(1, 10_000).default(64),
    BREACHED_PASSWORDS: z
      .enum(['off', 'haveibeenpwned'], 'must be off or haveibeenpwned')
      .default('off'),
    BREACHED_PASSWORDS_URL: origin.default('https://api.pwnedpasswords.com'),
    METRICS_TOKEN: bearerToken.optional(),
    NODE_ENV: z.string().optional(),
    LATCHKEY_DEV_SITE: origin.optional(),
    LATCHKEY_DEV_MAIL: flag.default(false),
    LATCHKEY_SITE_ROOT: z.string().default('.'),
    // Where the others are read from, so it is taken from the environment before them.
    LATCHKEY_ENV_FILE: z.string().optional(),
  })
  .transform((env) => {
    const publicOrigin = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    const dataDir = resolve(projectRoot, env.DATA_DIR);
    const shortestIdle = Math.min(env.SESSION_IDLE_SECONDS, env.SESSION_STAY_IDLE_SECONDS);
    const isProduction = env.NODE_ENV === 'production' || publicOrigin.startsWith('https:');
    const siteRoot = resolve(projectRoot, env.LATCHKEY_SITE_ROOT);
    return {
      port: env.PORT,
      host: env.HOST,
      publicOrigin,
      /** The same where PUBLIC_URL is set: what the build writes into the pages. */
      givenOrigin: env.PUBLIC_URL,
      isHttps: publicOrigin.startsWith('https:'),
      isProduction,
      dataDir,
      databaseUrl: resolveDatabaseUrl(env.DATABASE_URL ?? `sqlite:${dataDir}/latchkey.sqlite`),
      /** What one process asks of a PostgreSQL at most. */
      databaseLimits: {
        poolSize: env.DATABASE_POOL,
        statementTimeoutSeconds: env.DATABASE_STATEMENT_TIMEOUT_SECONDS,
      },
      trustedProxies: env.TRUST_PROXY,
      maxConnections: env.MAX_CONNECTIONS,
      allowedOrigins: env.ALLOWED_ORIGINS,
      explainLoginErrors: env.EXPLAIN_LOGIN_ERRORS,
      /** Who can make an account: anybody, anybody with the operator's approval, who has an invitation, or nobody. */
      registration: env.REGISTRATION,
      /** Domains that the email of an account may have, as `isEmailDomainAllowed` takes them; none for all. */
      allowedEmailDomains: env.ALLOWED_EMAIL_DOMAINS,
      /** Who has to have a second factor: everybody, or whoever has one of these roles. */
      factorDemand: env.REQUIRE_SECOND_FACTOR,
      /** How visitors reach the people who run the site, or undefined. */
      contact: env.CONTACT,
      ...chooseMail(env, isProduction),
      /** The OpenID provider that people may log in with, or undefined. */
      oidc: chooseOidc(env),
      /** For which hosts browsers are told to insist on https. */
      hsts: env.HSTS,
      logLevel: env.LOG_LEVEL,
      /** How long rows of the security log are kept; 0 writes none. */
      securityLogDays: env.SECURITY_LOG_DAYS,
      /** Opens /metrics to whoever sends it; undefined leaves that to programs of this machine. */
      metricsToken: env.METRICS_TOKEN,
      /** How many different articles are free in 30 days. */
      freeReads: env.FREE_READS,
      session: {
        plain: {
          idleSeconds: env.SESSION_IDLE_SECONDS,
          absoluteSeconds: env.SESSION_ABSOLUTE_SECONDS,
        },
        stay: {
          idleSeconds: env.SESSION_STAY_IDLE_SECONDS,
          absoluteSeconds: env.SESSION_STAY_ABSOLUTE_SECONDS,
        },
        /** How many one person may have at once; the one not used for longest ends for a new one. */
        maxPerPerson: env.SESSION_MAX_PER_PERSON,
        // Whoever is active must not be thrown out because their session slides too seldom.
        touchSeconds: Math.min(env.SESSION_TOUCH_SECONDS, Math.floor(shortestIdle / 10)),
      },
      password: {
        engine: env.PASSWORD_ENGINE,
        log2N: env.PASSWORD_SCRYPT_LOG2N,
        r: env.PASSWORD_SCRYPT_R,
        p: env.PASSWORD_SCRYPT_P,
        concurrency: env.PASSWORD_CONCURRENCY,
        queueLength: env.PASSWORD_QUEUE,
      },
      /** Who is asked whether a new password is among the stolen ones, or undefined for nobody. */
      breachService: env.BREACHED_PASSWORDS === 'off' ? undefined : env.BREACHED_PASSWORDS_URL,
      /** The address of Astro's development server, or undefined to serve the built files. */
      devSite: env.LATCHKEY_DEV_SITE,
      /** What is allowed but hardly meant, in sentences to tell at start. */
      warnings: [] as string[],
      /** The folder of a site that was built elsewhere, or undefined; and its rules. */
      siteDir: env.SITE_DIR === undefined ? undefined : resolve(projectRoot, env.SITE_DIR),
      accessRules: env.ACCESS_RULES,
      /** The folder of the built site. */
      siteFolder: resolve(siteRoot, 'apps/web/dist'),
      /** The folder of what members may download. */
      downloadsFolder: resolve(siteRoot, 'apps/api/downloads'),
    };
  });

export type { MailPlace, MailServer, Sender } from './mail-settings.ts';
export type { OidcSettings } from './oidc-settings.ts';
export type { Contact } from './settings-values.ts';
export type Settings = z.infer<typeof schema>;

/** The folder where the person stands who runs a command: npm runs it in the project's own. */
export const ownFolder = (): string => process.env['INIT_CWD'] ?? process.cwd();

/** Without PUBLIC_URL the site's address follows the port, also where PORT=0 let the system choose it. */
export function followPort(settings: Settings, port: number): void {
  if (new URL(settings.publicOrigin).port === '0') {
    settings.publicOrigin = `http://localhost:${port}`;
  }
}

/** The names a `.env` file may set, for the test that keeps `.env.example` complete. */
export const settingNames = Object.keys(schema.in.shape);

function resolveDatabaseUrl(url: string): string {
  const [, path] = /^sqlite:(?!\/\/)(.+)/.exec(url) ?? [];
  return path === undefined ? url : `sqlite:${resolve(projectRoot, path)}`;
}

/** Every fault of the settings, in sentences that name the setting and never its value. */
export class SettingsError extends Error {
  constructor(faults: string[]) {
    const count = faults.length === 1 ? 'one setting needs' : `${faults.length} settings need`;
    super(
      [
        `Latchkey cannot start: ${count} attention.`,
        ...faults.map((fault) => `  ${fault}`),
        'Set them in the environment or in the file .env. See .env.example for each setting.',
      ].join('\n'),
    );
    this.name = 'SettingsError';
  }
}

/**
 * Reads the settings from variables. An empty or blank one counts as not set.
 *
 * @throws {SettingsError} naming every fault at once
 */
export function parseSettings(env: Record<string, string | undefined>): Settings {
  const { settings, faults } = checkSettings(env);
  if (faults.length > 0 || !settings) throw new SettingsError(faults);
  return settings;
}

type Variables = Record<string, string | undefined>;

/** @param places where a variable stands, for those that stand in a file */
function checkSettings(env: Variables, places: ReadonlyMap<string, string> = new Map()) {
  const given = withoutBlanks(env);
  const { success, data: settings, error } = schema.safeParse(given);
  const faults = (error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    return `${places.get(name) ?? ''}${name} ${message}.`;
  });
  if (!success) return { faults: [...new Set(faults)] };
  const conflicts = findConflicts(settings, given);
  settings.warnings.push(...conflicts.warnings);
  return { settings, faults: conflicts.faults };
}

function withoutBlanks(env: Variables): Record<string, string> {
  const trimmed = Object.entries(env).map(([name, value = '']) => [name, value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}

/**
 * The file of settings: `.env`, or what LATCHKEY_ENV_FILE names, from the project's folder. Undefined
 * where that is set to nothing.
 */
export function findSettingsFile(): string | undefined {
  const { LATCHKEY_ENV_FILE: name = '.env' } = process.env;
  return name.trim() ? resolve(projectRoot, name.trim()) : undefined;
}

/** Reads the settings from the environment, completed by the file of settings where there is one. */
export function loadSettings(): Settings {
  const file = findSettingsFile();
  const isChosen = process.env['LATCHKEY_ENV_FILE'] !== undefined;
  const fromFile = file ? loadSettingsFile(file, { isChosen, known: settingNames }) : undefined;
  const variables = withoutBlanks(process.env);
  const places = new Map(fromFile?.places);
  for (const name of Object.keys(variables)) places.delete(name);
  const { settings, faults } = checkSettings({ ...fromFile?.values, ...variables }, places);
  const all = [...(fromFile?.faults ?? []), ...faults];
  if (all.length > 0 || !settings) throw new SettingsError(all);
  const misspelt = findMisspeltVariables(process.env, settingNames);
  settings.warnings.unshift(...(fromFile?.warnings ?? []), ...misspelt);
  return settings;
}
