import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** More requests than any client sends ahead of their answers. */
export const MOST_WAITING = 32;

type Line = { length: number; last: Promise<void> };

/**
 * Answers the requests of a connection one after the other. Node would run all that were sent ahead at
 * once and hold their answers until somebody reads them. Whoever sends far too many ahead is cut off.
 */
export function takeTurns(handle: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>();

  return (request, response) => {
    const { socket } = request;
    const line = lines.get(socket) ?? { length: 0, last: Promise.resolve() };
    lines.set(socket, line);
    if (line.length > MOST_WAITING) return void socket.destroy();
    const isFirst = line.length === 0;
    line.length += 1;
    const answer = () => answerWhole(handle, request, response);
    line.last = (isFirst ? answer() : line.last.then(answer)).finally(() => (line.length -= 1));
  };
}

/** Ends when the answer is on its way whole, or the connection is gone. */
function answerWhole(
  handle: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Nobody is there to read it, and nobody told this answer so.
  if (request.socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    handle(request, response);
  });
}
