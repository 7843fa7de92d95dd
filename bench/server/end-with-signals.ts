/**
 * Lets a signal end this process through its `exit` event, at which servers and temporary folders
 * go: by default a signal leaves them behind.
 */
export function endWithSignals(): void {
  const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  for (const [signal, exitCode] of Object.entries(exitCodes)) {
    process.once(signal, () => process.exit(exitCode));
  }
}
