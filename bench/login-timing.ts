import { randomBytes, scryptSync } from 'node:crypto';
import { compareTimes } from './measure/compare-times.ts';
import type { Benchmark } from './measure/ratio.ts';
import { createClient, type Client } from './server/client.ts';
import { importPeople } from './server/import-people.ts';
import { logIn, takeAddress } from './server/people.ts';
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
const listPeople = (kinds: Kind[]) =>
  kinds.flatMap(({ passwordHash, isDisabled }, kind) =>
    Array.from({ length: SAMPLES + WARM_UP }, (_, sample) => ({
      name: 'Bench',
      email: emailOf(kind, sample),
      passwordHash,
      disabledAt: isDisabled ? '2026-01-01T00:00:00Z' : null,
    })),
  );

async function timeFailure(client: Client, email: string, password: string): Promise<number> {
  const address = takeAddress();
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

export const loginTiming: Benchmark = {
  name: 'login-timing',
  title: 'Does the time of a failed log-in tell who has an account, and of what kind?',
  run: async () => {
    const kinds = listKinds();
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    await importPeople({ DATA_DIR: folder.path }, listPeople(kinds));
    using client = createClient(server);
    const withUnknown = [...kinds, { name: 'unknown, again' }, { name: 'unknown' }];
    const lists = await collect(client, withUnknown);
    const unknownMs = lists.at(-1) ?? [];
    return withUnknown
      .slice(0, -1)
      .map(({ name }, kind) =>
        compareTimes([name, lists[kind] ?? []], ['an unknown account', unknownMs]),
      );
  },
};
