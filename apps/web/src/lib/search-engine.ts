/** What is used of Pagefind's program, which the build puts beside the indexes. */
export type Fragment = {
  url: string;
  meta: Record<string, string>;
  content: string;
  /** HTML in which `<`, `>` and the marks around what was found are all the markup. */
  excerpt: string;
  sub_results: { url: string; title: string; anchor?: object }[];
};
export type Engine = {
  mergeIndex: (folder: string, options: object) => Promise<void>;
  search: (query: string) => Promise<{ results: { data: () => Promise<Fragment> }[] }>;
};
type Program = { createInstance: (options: object) => Engine };

const PATIENCE_MILLISECONDS = 20_000;
const excerpts = { excerptLength: 28, excerptEllipsis: '…' };

/** Pagefind waits for ever where a part of it does not come. */
export async function giveUpLate<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('It takes too long.')), PATIENCE_MILLISECONDS);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/**
 * Opens indexes as one. One that does not open, because its role has just ended or its server is away,
 * is left out; the first must open.
 */
export async function openEngine(program: string, folders: string[]): Promise<Engine> {
  const { createInstance } = (await import(/* @vite-ignore */ program)) as Program;
  const [basePath, ...others] = folders;
  // A worker has the policy of its own file, which allows it nothing.
  const engine = createInstance({ basePath, noWorker: true, ...excerpts });
  // It waits for the first index, and fails with it.
  await engine.search('');
  const merged = await Promise.allSettled(
    others.map((folder) => engine.mergeIndex(folder, excerpts)),
  );
  const opened = others.filter((_, index) => merged[index]?.status === 'fulfilled');
  if (opened.length === others.length) return engine;
  return openEngine(program, folders.slice(0, 1).concat(opened));
}
