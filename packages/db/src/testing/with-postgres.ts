import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgresServer } from './postgres-server.ts';

// Runs the command that follows while a PostgreSQL of its own stands, at the E2E_DATABASE_URL it gets.

const [program = '', ...args] = process.argv.slice(2);
const server = await startPostgresServer();
try {
  // eslint-disable-next-line no-restricted-properties -- handed on to the command, and no setting
  const env = { ...process.env, E2E_DATABASE_URL: server.url };
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null]; // The event's own arguments.
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
}
