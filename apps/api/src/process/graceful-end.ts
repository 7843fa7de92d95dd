import type { FastifyBaseLogger } from 'fastify';

/** Ctrl-C reaches the server from the terminal and once more through npm: that is one signal. */
const ECHO_MS = 300;

/**
 * Ends the process well on SIGINT and SIGTERM: `close` lets what runs finish. A second signal, of
 * somebody who will not wait, ends it at once.
 */
export function endOnSignals(log: FastifyBaseLogger, close: () => Promise<void>): void {
  let firstAt: number | undefined;

  const end = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstAt !== undefined) {
      if (now - firstAt > ECHO_MS) process.exit(1);
      return;
    }
    firstAt = now;
    log.info(`${signal}: stopping after open requests finish. Send it again to stop at once.`);
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'The server did not stop cleanly.');
        process.exit(1);
      },
    );
  };

  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
