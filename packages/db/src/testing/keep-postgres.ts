import { setTimeout as wait } from 'node:timers/promises';
import { startPostgresServer } from './postgres-server.ts';

// Keeps a PostgreSQL of its own for the program that started this one by `fork`, and tells its address.
// One that ends is started again. It ends, and its data go, when that program ends.

/** After a crash the former processes need a moment until they are gone. */
const RETRY_MS = 500;
const START_ATTEMPTS = 20;

const ending = new AbortController();
const isEnding = () => ending.signal.aborted;
// PostgreSQL's own settings for all else, so that nothing it has confirmed is lost.
const server = await startPostgresServer({ max_connections: '300' });
const report = () => process.send?.({ url: server.url, processId: server.processId() });

async function end(): Promise<void> {
  ending.abort();
  await server.stop();
  process.exit();
}

async function startAgain(): Promise<void> {
  for (let attempt = 1; !isEnding(); attempt += 1) {
    try {
      await server.startAgain();
      return;
    } catch {
      if (attempt === START_ATTEMPTS) throw new Error('PostgreSQL could not be started again.');
      await wait(RETRY_MS);
    }
  }
}

process.once('disconnect', () => void end());
// A program that ended before this line cannot be told.
if (!process.connected) await end();
report();
for (;;) {
  await server.waitForEnd();
  // What ends this process waits for the same.
  if (isEnding()) break;
  await startAgain();
  report();
}
