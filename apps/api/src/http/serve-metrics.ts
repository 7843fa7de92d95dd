import type { FastifyInstance } from 'fastify';
import { Gauge, Registry } from 'prom-client';
import type { Database } from '@latchkey/db';
import { countMails } from '../mail/mail-queue.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { Settings } from '../settings/settings.ts';
import { admitReaders } from './admit-readers.ts';
import { forbidStoring } from './privacy-headers.ts';
import { getProcessMetrics, type Metrics } from '../process/metrics.ts';
import { mayReadMetrics } from './metrics-reader.ts';

type Deps = {
  settings: Settings;
  database: Database;
  passwords: PasswordHasher;
  metrics: Metrics;
};

const metricsPath = '/metrics';

/**
 * `GET /metrics` in the text format of Prometheus. For those who may not read it there is no such
 * route: they get what they get at every address where nothing is.
 */
export function addMetrics(server: FastifyInstance, deps: Deps): void {
  const { metrics } = deps;
  const processMetrics = getProcessMetrics();
  addPasswordGauges(deps);
  addDatabaseGauge(deps);
  if (deps.settings.mailPlace) addMailGauges(deps);
  server.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const status = `${Math.floor(statusCode / 100)}xx`;
    const labels = { method, route: routeOptions.url ?? 'none', status };
    metrics.requests.observe(labels, elapsedTime / 1000);
  });
  admitReaders(
    server,
    'metricsReader',
    (request, path) => path === metricsPath && mayReadMetrics(request, deps.settings),
  );
  server.get(metricsPath, { constraints: { metricsReader: true } }, async (_request, reply) => {
    forbidStoring(reply);
    const all = Registry.merge([processMetrics, metrics.registry]);
    return reply.type(all.contentType).send(await all.metrics());
  });
}

function addPasswordGauges({ metrics, passwords }: Deps): void {
  new Gauge({
    name: 'latchkey_passwords',
    help: 'Passwords that are hashed now, and that wait for it.',
    labelNames: ['state'],
    registers: [metrics.registry],
    collect() {
      const { running, waiting } = passwords.countWork();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}

function addDatabaseGauge({ metrics, database }: Deps): void {
  const info = new Gauge({
    name: 'latchkey_database_info',
    help: 'Which program keeps the database, by its labels.',
    labelNames: ['name', 'version'],
    registers: [metrics.registry],
  });
  info.set(database.engine, 1);
}

/** Counted when they are read, for all processes together; without the database they are left out. */
function addMailGauges({ metrics, database }: Deps): void {
  const registers = [metrics.registry];
  const read = () => countMails(database).catch(() => null);
  new Gauge({
    name: 'latchkey_mails',
    help: 'Mails that wait in the queue, and that were given up within a month.',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await read();
      this.reset();
      if (!counts) return;
      this.set({ state: 'waiting' }, counts.waiting);
      this.set({ state: 'failed' }, counts.failed);
    },
  });
  new Gauge({
    name: 'latchkey_mail_oldest_seconds',
    help: 'How long the oldest mail in the queue has waited.',
    registers,
    async collect() {
      this.set((await read())?.oldestSeconds ?? Number.NaN);
    },
  });
}
