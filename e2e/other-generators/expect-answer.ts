import { isUtf8 } from 'node:buffer';
import { expect } from '@playwright/test';
import type { Audience, OutputFile } from './read-output.ts';

export type Reader = 'visitor' | 'member' | 'gold';

const opens: Record<Audience, Reader[]> = {
  public: ['visitor', 'member', 'gold'],
  members: ['member', 'gold'],
  gold: ['gold'],
  nobody: [],
};
/** How many bytes of a file tell it from any other. */
const LEAST_BYTES = 20;

function findStatus({ audience, isPage }: OutputFile, reader: Reader): number {
  if (audience === 'nobody') return 404;
  if (opens[audience].includes(reader)) return 200;
  if (reader === 'member') return 403;
  return isPage ? 302 : 401;
}

function findCaching(
  { audience, name, isPage, bytes }: OutputFile,
  status: number,
  reader: Reader,
) {
  const isPersonal = audience !== 'public' || (isPage && isUtf8(bytes) && reader !== 'visitor');
  if (isPersonal || status !== 200) return 'private, no-store';
  if (isPage) return 'public, max-age=0, must-revalidate';
  return name.startsWith('_astro/')
    ? 'public, max-age=31536000, immutable'
    : 'public, max-age=3600';
}

/** Holds the answer to one reader, who asks for one file, against the rules. */
export async function expectAnswer(
  answer: Response,
  file: OutputFile,
  reader: Reader,
): Promise<void> {
  const { name, address, isPage, audience, type, bytes } = file;
  const status = findStatus(file, reader);
  const title = `${name} for a ${reader}`;
  const body = Buffer.from(await answer.arrayBuffer());
  expect(answer.status, title).toBe(status);
  expect(answer.headers.get('cache-control'), title).toBe(findCaching(file, status, reader));
  if (status === 200) {
    expect(answer.headers.get('content-type'), title).toBe(type);
    // A page for one reader has their name in it.
    const isAsBuilt = !isPage || (audience === 'public' && reader === 'visitor');
    // Before the site's own colours stands what hides the links to pages that it does not have.
    const sent = name === 'latchkey.css' ? body.subarray(-bytes.length) : body;
    if (isAsBuilt) expect(sent.equals(bytes), `${title} is as it was built`).toBe(true);
    else expect(body.includes('<title'), title).toBe(true);
    return;
  }
  const isQuoted = bytes.length > LEAST_BYTES && body.includes(bytes);
  expect(isQuoted, `${title} stands in its refusal`).toBe(false);
  if (status !== 302) return;
  const next = new URLSearchParams({ next: address }).toString();
  expect(answer.headers.get('location'), title).toBe(`/login?${next}#sign-in-required`);
}
