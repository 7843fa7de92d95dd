import { randomBytes } from 'node:crypto';
import { cheapestHash } from './growth/fill-database.ts';
import { compareTimes } from './measure/compare-times.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { createClient, type Client } from './server/client.ts';
import { importPeople } from './server/import-people.ts';
import { takeAddress } from './server/people.ts';
import { startPostgresOrSkip } from './server/start-postgres.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

/** Questions of each kind, in turns; MAIL_TIMING_SAMPLES changes it. */
const SAMPLES = Number(process.env['MAIL_TIMING_SAMPLES'] ?? 400);
const WARM_UP = 10;

/** Nobody reaches this mail server, so that no mail that is sent meanwhile is in what is measured. */
const mail = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'noreply@example.com' };

const emailOf = (kind: string, sample: number) => `${kind}-${sample}@timing.example`;
const kinds = ['known', 'strange'] as const;
/** Nobody knows a password for it: its key is drawn. */
const draw = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
const passwordHash = `$scrypt$ln=17,r=8,p=1$${draw(16)}$${draw(32)}`;
type Kind = (typeof kinds)[number];

/** The same answer comes to both kinds; the email is another one each time, as limits count by it. */
type Question = {
  name: string;
  ask: (client: Client, kind: Kind, sample: number) => Promise<void>;
};

async function post(client: Client, path: string, json: object): Promise<void> {
  const headers = { 'x-forwarded-for': takeAddress() };
  const { status, body } = await client.ask({ path, headers, json });
  if (status !== 200) throw new Error(`${path} was answered with ${status}: ${body}`);
}

const questions: Question[] = [
  {
    name: 'a registration of a taken email',
    ask: (client, kind, sample) =>
      post(client, '/trpc/auth.register', {
        name: 'Bench',
        email: emailOf(kind, sample),
        password: 'correct horse battery',
      }),
  },
  {
    name: 'a forgotten password of a known email',
    ask: (client, kind, sample) =>
      post(client, '/trpc/auth.requestPasswordReset', { identifier: emailOf(kind, sample) }),
  },
];

async function measure(client: Client, { ask }: Question, offset: number) {
  const times: Record<Kind, number[]> = { known: [], strange: [] };
  for (let sample = 0; sample < SAMPLES + WARM_UP; sample += 1) {
    for (const kind of Math.random() < 0.5 ? kinds : kinds.toReversed()) {
      const start = performance.now();
      await ask(client, kind, offset + sample);
      if (sample >= WARM_UP) times[kind].push(performance.now() - start);
    }
  }
  return times;
}

async function measureOn(where: string, settings: Record<string, string>): Promise<Row[]> {
  await using folder = await createTemporaryFolder();
  const place = { ...settings, DATA_DIR: folder.path };
  // The cheapest hash, which hides least of what the database takes.
  await using server = await startServer({ ...cheapestHash, ...mail, ...place });
  const each = SAMPLES + WARM_UP;
  const people = Array.from({ length: each * questions.length }, (_, sample) => ({
    name: 'Bench',
    email: emailOf('known', sample),
    passwordHash,
  }));
  await importPeople(place, people);
  using client = createClient(server);
  const rows: Row[] = [];
  for (const [index, question] of questions.entries()) {
    const { known, strange } = await measure(client, question, index * each);
    rows.push(
      compareTimes([`${question.name}, ${where}`, known], ['one that nobody has', strange]),
    );
  }
  return rows;
}

export const mailTiming: Benchmark = {
  name: 'mail-timing',
  title: 'Does the time of a registration or a forgotten password tell who has an account?',
  async run() {
    await using postgres = await startPostgresOrSkip();
    const url = await postgres.createDatabase();
    return [
      ...(await measureOn('SQLite', {})),
      ...(await measureOn('PostgreSQL', { DATABASE_URL: url })),
    ];
  },
};
