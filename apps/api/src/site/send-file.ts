import { negotiate } from '@fastify/accept-negotiator';
import { isUtf8MimeType, mime, send } from '@fastify/send';
import type { FastifyReply } from 'fastify';
import { notFound } from '../refusal.ts';

/** Encoding of HTTP → the file of a folder that holds another file's bytes so encoded. */
export type EncodedCopies = Record<string, string>;
const NOT_MODIFIED = 304;

type FileToSend = { folder: string; name: string; copies?: EncodedCopies };

/** The encoding that the browser likes best of those that there are, or null for none. */
const chooseEncoding = (accepted: string, encodings: string[]) =>
  negotiate(accepted.toLowerCase().replace('*', 'gzip'), encodings);

function nameType(name: string): string {
  const type = mime.getType(name) ?? 'application/octet-stream';
  return isUtf8MimeType(type) ? `${type}; charset=utf-8` : type;
}

/** A name as the library takes it: it decodes what it gets, and a backslash is no separator here. */
const encodeName = (name: string) => name.split('/').map(encodeURIComponent).join('/');

async function pump(reply: FastifyReply, { folder, name, copies = {} }: FileToSend): Promise<void> {
  const { raw, headers } = reply.request;
  const encodings = Object.keys(copies);
  const encoding = chooseEncoding(headers['accept-encoding'] ?? '', encodings);
  const chosen = (encoding !== null && copies[encoding]) || name;
  const options = { root: folder, cacheControl: false, index: false, dotfiles: 'allow' } as const;
  const result = await send(raw, encodeName(chosen), options);
  if (result.type !== 'file') {
    const isGone = result.type !== 'error' || result.statusCode === 404;
    throw isGone ? notFound : result.metadata.error;
  }
  if (reply.statusCode === 200) reply.code(result.statusCode);
  reply.headers(result.headers);
  if (encodings.length > 0) addVary(reply);
  // Of an encoded copy the library knows no type.
  if (result.statusCode !== NOT_MODIFIED) reply.type(nameType(name));
  if (encoding !== null) reply.header('content-encoding', encoding);
  reply.send(result.stream);
}

function addVary(reply: FastifyReply): void {
  const known = reply.getHeader('vary');
  reply.header(
    'vary',
    known === undefined ? 'Accept-Encoding' : `${String(known)}, Accept-Encoding`,
  );
}

/**
 * Sends a file of a folder with its type, validators and ranges, or one of its encoded copies. Only
 * the copies that are given count: a file of the owner's may be called like one.
 *
 * @param name below the folder, with `/` between folders; it exists, or the answer is 404
 */
export function sendFile(reply: FastifyReply, file: FileToSend): FastifyReply {
  pump(reply, file).catch((error: unknown) => reply.send(error));
  return reply;
}
