import { execFile } from 'node:child_process';
import { randomBytes, scryptSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { measureAuc, type Auc } from './measure/auc.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { createClient, type Client } from './server/client.ts';
import { logIn } from './server/people.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

/** Failed log-ins of each kind, in turns; LOGIN_TIMING_SAMPLES changes it. */
const SAMPLES = Number(process.env['LOGIN_TIMING_SAMPLES'] ?? 60);
const WARM_UP = 3;
const RIGHT = 'correct horse battery';

const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
const salt = randomBytes(16);
/** Nobody knows a password for these: their keys are drawn. */
const drawScrypt = (cost: string) => `$scrypt$${cost}$${encode(salt)}$${encode(randomBytes(32))}`;
const drawPbkdf2 = (digest: string, iterations: number, bytes: number) =>
  `$pbkdf2-${digest}$i=${iterations}$${encode(salt)}$${encode(randomBytes(bytes))}`;
const drawBcrypt = (cost: string) => `$2b$${cost}$${'abcdefghijklmnopqrstuu'.padEnd(53, 'K')}`;
const hashRight = () => {
  const key = scryptSync(RIGHT, salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
  return `$scrypt$ln=17,r=8,p=1$${encode(salt)}$${encode(key)}`;
};

type Kind = { name: string; passwordHash?: string; isDisabled?: true; password?: string };

const listKinds = (): Kind[] => [
  { name: 'a wrong password', passwordHash: drawScrypt('ln=17,r=8,p=1') },
  {
    name: 'a disabled account, its right password',
    passwordHash: hashRight(),
    isDisabled: true,
    password: RIGHT,
  },
  { name: 'scrypt of N=2^14', passwordHash: drawScrypt('ln=14,r=8,p=1') },
  { name: 'scrypt of N=2^15, p=3', passwordHash: drawScrypt('ln=15,r=8,p=3') },
  { name: 'scrypt of N=2^16', passwordHash: drawScrypt('ln=16,r=8,p=1') },
  { name: 'bcrypt of cost 10', passwordHash: drawBcrypt('10') },
  { name: 'bcrypt of cost 12', passwordHash: drawBcrypt('12') },
  { name: 'PBKDF2-SHA-1, 20,000 rounds', passwordHash: drawPbkdf2('sha1', 20_000, 20) },
  { name: 'PBKDF2-SHA-256, 600,000 rounds', passwordHash: drawPbkdf2('sha256', 600_000, 32) },
  { name: 'PBKDF2-SHA-512, 210,000 rounds', passwordHash: drawPbkdf2('sha512', 210_000, 64) },
];

const emailOf = (kind: number, sample: number) => `person-${kind}-${sample}@timing.example`;

/** One person for each sample, as limits count by account. */
async function importPeople(folder: string, kinds: Kind[]): Promise<void> {
  const file = join(folder, 'people.jsonl');
  const people = kinds.flatMap(({ passwordHash, isDisabled }, kind) =>
    Array.from({ length: SAMPLES + WARM_UP }, (_, sample) => ({
      name: 'Bench',
      email: emailOf(kind, sample),
      passwordHash,
      disabledAt: isDisabled ? '2026-01-01T00:00:00Z' : null,
    })),
  );
  await writeFile(file, people.map((person) => JSON.stringify(person)).join('\n'));
  const root = resolve(import.meta.dirname, '..');
  const args = ['apps/api/src/admin/main.ts', 'user', 'import', file];
  const env = { ...process.env, DATABASE_URL: '', DATA_DIR: folder, LATCHKEY_ENV_FILE: '' };
  await promisify(execFile)(process.execPath, args, { cwd: root, env });
}

let addresses = 0;

async function timeFailure(client: Client, email: string, password: string): Promise<number> {
  addresses += 1;
  const address = `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
  const start = performance.now();
  const { status, body } = await logIn(client, { email, password, address });
  if (status !== 401) throw new Error(`A log-in was answered with ${status}: ${body}`);
  return performance.now() - start;
}

/** Milliseconds of each kind's failures; the last list is that of unknown accounts. */
async function collect(client: Client, kinds: Kind[]): Promise<number[][]> {
  const lists: number[][] = kinds.map(() => []);
  for (let sample = 0; sample < SAMPLES + WARM_UP; sample += 1) {
    const order = kinds.map((_, kind) => ({ kind, at: Math.random() }));
    for (const { kind } of order.sort((one, other) => one.at - other.at)) {
      const password = kinds[kind]?.password ?? 'a wrong password';
      const ms = await timeFailure(client, emailOf(kind, sample), password);
      if (sample >= WARM_UP) lists[kind]?.push(ms);
    }
  }
  return lists;
}

function describe({ auc, low, high }: Auc, ms: number, unknownMs: number): string {
  const interval = `${low.toFixed(2)} … ${high.toFixed(2)}`;
  return `AUC ${auc.toFixed(2)} (95 %: ${interval}); ${ms.toFixed(0)} ms against ${unknownMs.toFixed(0)} ms.`;
}

function makeRow(name: string, ms: number[], unknownMs: number[]): Row {
  const auc = measureAuc(ms, unknownMs);
  const isTold = auc.low > 0.5 || auc.high < 0.5;
  return {
    measure: name,
    yardstick: 'an unknown account',
    ratios: ms.map((value, index) => value / (unknownMs[index] ?? value)),
    meaning: describe(auc, findMedian(ms), findMedian(unknownMs)),
    ...(isTold && { warnings: ['0.5 is not in the interval: its time tells this kind.'] }),
  };
}

export const loginTiming: Benchmark = {
  name: 'login-timing',
  title: 'Does the time of a failed log-in tell who has an account, and of what kind?',
  run: async () => {
    const kinds = listKinds();
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    await importPeople(folder.path, kinds);
    using client = createClient(server);
    const withUnknown = [...kinds, { name: 'unknown, again' }, { name: 'unknown' }];
    const lists = await collect(client, withUnknown);
    const unknownMs = lists.at(-1) ?? [];
    return withUnknown
      .slice(0, -1)
      .map(({ name }, kind) => makeRow(name, lists[kind] ?? [], unknownMs));
  },
};
