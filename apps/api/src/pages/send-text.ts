import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply } from 'fastify';

const encoders = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;
type Encoding = keyof typeof encoders;
const encodings = Object.keys(encoders) as Encoding[];

/** A text that is sent again and again, with its validator and, once it was asked for, its encoded copies. */
export type LastingText = {
  text: string;
  etag: string;
  copies: Map<Encoding, Promise<Buffer>>;
};

export function createLastingText(text: string): LastingText {
  const hash = createHash('sha256').update(text).digest('base64url');
  // Weak: it stands for the text in whatever encoding.
  return { text, etag: `W/"${hash.slice(0, 27)}"`, copies: new Map() };
}

/** Whether the client has this text already. */
function isKnown(reply: FastifyReply, etag: string): boolean {
  const { 'if-none-match': known, 'if-modified-since': since } = reply.request.headers;
  if (known !== undefined) {
    const bare = (tag: string) => tag.trim().replace(/^W\//, '');
    return known.trim() === '*' || known.split(',').map(bare).includes(bare(etag));
  }
  const changed = Date.parse(String(reply.getHeader('last-modified') ?? ''));
  return since !== undefined && changed <= Date.parse(since);
}

function encode({ text, copies }: LastingText, encoding: Encoding): Promise<Buffer> {
  const copy = copies.get(encoding) ?? encoders[encoding](text);
  copies.set(encoding, copy);
  return copy;
}

/**
 * Sends a text with its validator, or 304 where the client has it; encoded as the client likes best.
 *
 * @param type its media type; a `last-modified` that was set counts too
 */
export function sendText(reply: FastifyReply, type: string, lasting: LastingText): FastifyReply {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
  reply.header('etag', lasting.etag);
  if (isKnown(reply, lasting.etag)) return reply.code(304).send();
  const accepted = (reply.request.headers['accept-encoding'] ?? '').toLowerCase();
  const encoding = negotiate(accepted.replace('*', 'gzip'), encodings);
  reply.type(type);
  if (encoding === null) return reply.send(lasting.text);
  reply.header('content-encoding', encoding);
  encode(lasting, encoding).then(
    (copy) => reply.send(copy),
    (error: unknown) => reply.send(error),
  );
  return reply;
}
