import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

const LONGEST_MS = 4000;

/** The head of an answer, as it came through whatever stands in front. */
export type LiveAnswer = {
  path: string;
  status: number;
  /** Each line of a header by itself: a proxy may have added a second one. */
  values: (name: string) => string[];
};

/**
 * Asks as a stranger does, and follows nothing. Throws what the network says, or that nothing came
 * within seconds.
 *
 * @param origin such as https://example.com
 */
export async function askLiveSite(
  origin: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<LiveAnswer> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const ask = origin.startsWith('https:') ? requestHttps : requestHttp;
  const options = {
    agent: false,
    signal,
    headers: { 'user-agent': 'latchkey-doctor', ...headers },
  };
  const request = ask(new URL(path, origin), options).end();
  try {
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const { statusCode = 0, headersDistinct } = answer;
    return { path, status: statusCode, values: (name) => headersDistinct[name] ?? [] };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`nothing came within ${LONGEST_MS / 1000} seconds`, { cause: error });
  } finally {
    // A late fault of what nobody waits for any more.
    request.on('error', () => undefined).destroy();
  }
}
