import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Answer } from './client.ts';
import { findFreePort } from '@latchkey/db/testing';

export type BareServer = Disposable & { address: string; publicOrigin: string; processId: number };

const program = `
const { createServer } = require('node:http');
const { status, headers, body } = JSON.parse(process.argv[1]);
const bytes = Buffer.from(body, 'base64');
createServer((_request, response) => {
  response.writeHead(status, headers);
  response.end(bytes);
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
`;

/** The headers that Node writes itself, for each connection. */
const ownHeaders = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);

/**
 * Starts `node:http` with nothing in it but one answer, as a process of its own: the least that the same
 * bytes and headers can cost.
 */
export async function startBareServer(answer: Answer): Promise<BareServer> {
  const port = await findFreePort();
  const { status, bytes } = answer;
  const headers = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !ownHeaders.has(name)),
  );
  const given = JSON.stringify({ status, headers, body: bytes.toString('base64') });
  const child = spawn(process.execPath, ['-e', program, given, `${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  await once(createInterface(child.stdout), 'line');
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    publicOrigin: address,
    processId: child.pid ?? 0,
    [Symbol.dispose]: () => {
      process.off('exit', end);
      end();
    },
  };
}
