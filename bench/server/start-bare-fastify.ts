import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@latchkey/db/testing';

const POLL_MS = 10;

const program = `
import Fastify from 'fastify';
const server = Fastify();
server.get('/', (request, reply) => reply.type('text/html').send('<!doctype html><title>Bare</title>'));
await server.listen({ port: Number(process.argv[1]), host: '127.0.0.1' });
`;

/** Milliseconds from the start of a process with Fastify and one route to its first answer. */
export async function timeBareFastify(): Promise<number> {
  const port = await findFreePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, `${port}`], {
    // Where Fastify is a dependency.
    cwd: resolve(import.meta.dirname, '../../apps/api'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error('The bare Fastify ended.');
    await sleep(POLL_MS);
  }
  const ms = performance.now() - startedAt;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return ms;
}
