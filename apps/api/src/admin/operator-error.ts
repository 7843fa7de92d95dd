/** Something expected went wrong: the message says what, why, and what to do. Exit code 1. */
export class OperatorError extends Error {
  readonly exitCode: 1 | 2 = 1;
}

/** The command was not called as it has to be. Exit code 2. */
export class UsageError extends OperatorError {
  override readonly exitCode = 2;
}
