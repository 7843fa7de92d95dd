import type { AppRouter } from '@latchkey/api/router';
import { PERSON_HEADER, type ErrorDetails, type Reason } from '@latchkey/shared';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { showRoles } from './role-view.ts';
import { readPerson } from './session-view.ts';

const TIMEOUT_MILLISECONDS = 30_000;

/** Somebody else answered than the API: a proxy, or a server under too much load to go further. */
class ForeignAnswerError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The answer is no JSON (status ${status}).`);
    this.status = status;
  }
}

async function fetchJson(url: RequestInfo | URL, options: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const response = await fetch(url, { ...options, signal });
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  if (!isJson) throw new ForeignAnswerError(response.status);
  return response;
}

/** For nobody but the person whose page this is, whoever has logged in meanwhile. */
function namePerson(): Record<string, string> {
  const person = readPerson();
  return person === null ? {} : { [PERSON_HEADER]: person };
}

export const api = createTRPCClient<AppRouter>({
  links: [
    httpLink({
      url: '/trpc',
      headers: namePerson,
      fetch: (url, options) => fetchJson(url, options as RequestInit),
    }),
  ],
});

/** Why a call came to nothing: what the server gave as its reason, or that it did not answer. */
export type Failure = Omit<ErrorDetails, 'reason'> & {
  reason: Reason | 'offline' | 'passkey-cancelled' | 'passkey-failed' | 'passkey-not-supported';
};

/** What the browser refuses, before or after the server is asked. */
export class RefusedError extends Error {
  readonly reason: Failure['reason'];

  constructor(reason: Failure['reason']) {
    super(reason);
    this.reason = reason;
  }
}

const reasonsByStatus: Partial<Record<number, Reason>> = {
  413: 'too-large',
  429: 'too-many-attempts',
  503: 'overloaded',
};

export function describeFailure(error: unknown): Failure {
  if (error instanceof RefusedError) return { reason: error.reason };
  if (!(error instanceof TRPCClientError)) return { reason: 'unexpected-error' };
  const { data, cause } = error as TRPCClientError<AppRouter>;
  if (data) return data;
  if (!(cause instanceof ForeignAnswerError)) return { reason: 'offline' };
  return { reason: reasonsByStatus[cause.status] ?? 'unexpected-error' };
}

export async function readSession() {
  const session = await api.auth.session.query();
  showRoles(session?.user.roles ?? []);
  return session;
}

/** Ends the session; one that was gone already is as good. */
export async function endSession(): Promise<void> {
  try {
    await api.auth.logout.mutate();
  } catch (error) {
    if (describeFailure(error).reason !== 'sign-in-required') throw error;
  }
}
