import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What a server counts. Every label is one of a few words of the code: nothing that anybody sent. */
export type Metrics = ReturnType<typeof createMetrics>;

let ofProcess: Registry | undefined;

/** Memory, processor time, event loop and the like. They are the process's, however many servers it has. */
export function getProcessMetrics(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

/** The counters of one server, from nought. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'latchkey_http_request_duration_seconds',
      help: 'Requests by method, pattern of the route and class of status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    events: new Counter({
      name: 'latchkey_security_events_total',
      help: 'Security events, by event and outcome: log-ins, registrations, refusals by limits.',
      labelNames: ['event', 'outcome'],
      registers,
    }),
    logRows: new Counter({
      name: 'latchkey_security_log_rows_total',
      help: 'Rows of the security log that this process wrote, or lost because the database was away for long.',
      labelNames: ['outcome'],
      registers,
    }),
    mails: new Counter({
      name: 'latchkey_mail_attempts_total',
      help: 'Mails that this process sent, postponed or gave up.',
      labelNames: ['outcome'],
      registers,
    }),
    reads: new Counter({
      name: 'latchkey_article_reads_total',
      help: 'Metered articles opened: counted, read again, without limit, or refused because the free reads are spent.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
