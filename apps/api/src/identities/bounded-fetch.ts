/** How long one answer may take, to its last byte. */
export const PATIENCE_MS = 5000;
/** Many times what a provider sends. */
const MOST_BYTES = 512 * 1024;

type Options = {
  method: string;
  headers: Record<string, string>;
  signal?: AbortSignal | undefined;
};

/** Asks another server, which may be slow or send without end. It follows no redirect. */
export async function fetchBounded(
  address: string,
  { signal, ...options }: Options & { body?: unknown },
): Promise<Response> {
  const signals = [AbortSignal.timeout(PATIENCE_MS), ...(signal ? [signal] : [])];
  const answer = await fetch(address, {
    ...(options as RequestInit),
    redirect: 'manual',
    signal: AbortSignal.any(signals),
  });
  const { status, headers } = answer;
  const body = await readBytes(answer);
  return new Response(body.length > 0 ? body : null, { status, headers });
}

async function readBytes({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const parts: AsyncIterable<Uint8Array> | [] = body ?? []; // The types of streams leave it open.
  for await (const chunk of parts) {
    length += chunk.length;
    // Leaving the loop ends the answer.
    if (length > MOST_BYTES) throw new TypeError('The provider sent too much.');
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}
