import { negotiate } from '@fastify/accept-negotiator';
import { isUtf8MimeType, mime, send } from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { notFound } from '../http/refusal.ts';
import { KEPT_FILE_BYTES, type KeptFiles } from './kept-files.ts';

/** Encoding of HTTP → the file of a folder that holds another file's bytes so encoded. */
export type EncodedCopies = Record<string, string>;
const NOT_MODIFIED = 304;
const sendOptions = { cacheControl: false, index: false, dotfiles: 'allow' } as const;
const conditions = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

type FileToSend = {
  folder: string;
  name: string;
  copies?: EncodedCopies;
  kept?: KeptFiles;
  /** It is not in UTF-8, and says itself what it is in. */
  hasOwnCharset?: boolean;
};

/** The encoding that the browser likes best of those that there are, or null for none. */
const chooseEncoding = (accepted: string, encodings: string[]) =>
  negotiate(accepted.toLowerCase().replace('*', 'gzip'), encodings);

function nameType({ name, hasOwnCharset = false }: FileToSend): string {
  const type = mime.getType(name) ?? 'application/octet-stream';
  return isUtf8MimeType(type) && !hasOwnCharset ? `${type}; charset=utf-8` : type;
}

/** A name as the library takes it: it decodes what it gets, and a backslash is no separator here. */
const encodeName = (name: string) => name.split('/').map(encodeURIComponent).join('/');

/** Whether a request wants the whole file as it is now. */
const wantsWhole = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && !conditions.some((name) => headers[name] !== undefined);

type Found = {
  statusCode: number;
  headers: Record<string, string | number>;
  body: Buffer | Readable;
};

async function findFile(
  request: FastifyRequest,
  { folder, name, kept }: FileToSend,
): Promise<Found> {
  const isWhole = kept && wantsWhole(request);
  const file = isWhole && kept.find(name);
  if (file) return { statusCode: 200, headers: file.headers, body: file.bytes };
  const result = await send(request.raw, encodeName(name), { ...sendOptions, root: folder });
  if (result.type !== 'file') {
    const isGone = result.type !== 'error' || result.statusCode === 404;
    throw isGone ? notFound : result.metadata.error;
  }
  const { statusCode, headers, stream, metadata } = result;
  if (!isWhole || metadata.stat.size > KEPT_FILE_BYTES)
    return { statusCode, headers, body: stream };
  const bytes = await buffer(stream);
  // Otherwise it was changed while it was read.
  if (bytes.length === metadata.stat.size) kept.keep(name, metadata.stat, { headers, bytes });
  return { statusCode, headers: { ...headers, 'Content-Length': bytes.length }, body: bytes };
}

async function pump(reply: FastifyReply, file: FileToSend): Promise<void> {
  const { name, copies = {} } = file;
  const { headers } = reply.request;
  const encodings = Object.keys(copies);
  const encoding = chooseEncoding(headers['accept-encoding'] ?? '', encodings);
  const chosen = (encoding !== null && copies[encoding]) || name;
  const found = await findFile(reply.request, { ...file, name: chosen });
  if (reply.statusCode === 200) reply.code(found.statusCode);
  reply.headers(found.headers);
  if (encodings.length > 0) addVary(reply);
  // Of an encoded copy the library knows no type.
  if (found.statusCode !== NOT_MODIFIED) reply.type(nameType(file));
  if (encoding !== null) reply.header('content-encoding', encoding);
  reply.send(found.body);
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
