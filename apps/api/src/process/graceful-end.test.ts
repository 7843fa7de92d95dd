import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const module = resolve(import.meta.dirname, 'graceful-end.ts');

/** A process that ends as the server does; `close` is the text of what its end has to do. */
async function startProcess(close: string) {
  const source = `
    import { endOnSignals } from ${JSON.stringify(module)};
    const log = { info: () => console.log('ending'), error: (_, text) => console.log(text) };
    endOnSignals(log, ${close});
    setInterval(() => {}, 1000);
    console.log('running');`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  child.stdout
    .setEncoding('utf8')
    .on('data', (text: string) => lines.push(...text.trim().split('\n')));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  await expect.poll(() => lines, { timeout: 20_000 }).toContain('running');
  return { child, lines, ended };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s lets what runs finish, then ends with 0',
  async (signal) => {
    const { child, lines, ended } = await startProcess(
      `async () => { await new Promise((done) => setTimeout(done, 100)); console.log('closed'); }`,
    );
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(lines).toEqual(['running', 'ending', 'closed']);
  },
);

test('The same signal twice in a breath, as from a terminal through npm, is one signal', async () => {
  const { child, lines, ended } = await startProcess(
    `async () => { process.emit('SIGINT', 'SIGINT'); await new Promise((done) => setTimeout(done, 100)); console.log('closed'); }`,
  );
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(lines).toEqual(['running', 'ending', 'closed']);
});

test('A second signal ends at once what would never end', async () => {
  const { child, lines, ended } = await startProcess('() => new Promise(() => {})');
  const again = setInterval(() => child.kill('SIGTERM'), 100);
  expect(await ended).toEqual({ code: 1, signal: null });
  clearInterval(again);
  expect(lines).toEqual(['running', 'ending']);
});

test('An end that fails says so and is no success', async () => {
  const { child, lines, ended } = await startProcess(`() => Promise.reject(new Error('stuck'))`);
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(lines).toEqual(['running', 'ending', 'The server did not stop cleanly.']);
});
