import type { Browser } from './browser.ts';

/** Calls a procedure by hand, to see the answer as it is or to send what the typed client would not. */
export function postTrpc(
  browser: Browser,
  procedure: string,
  input: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return browser.fetch(`/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof input === 'string' ? input : JSON.stringify(input),
  });
}
