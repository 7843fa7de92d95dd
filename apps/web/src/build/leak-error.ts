import type { ExposedFile } from './find-exposed-files.ts';
import type { Leak } from './find-leaks.ts';

const textAdvice =
  'Take the text out of one of the two. An article may have it above the mark that ends its lead-in.';
const fileAdvice =
  'Put such a file into the folder public, below a path that is not public, and name it by its path.';
const markAdvice =
  'What a private page may share with everybody goes into an element with the attribute data-public.';

/**
 * Says what is where, and what to do.
 *
 * @param folder the built site's, as it is shown
 */
export function createLeakError(folder: string, leaks: Leak[], exposed: ExposedFile[]): Error {
  const texts = leaks.map(
    ({ file, sentence, publicFile }) =>
      `  ${file}: "${sentence}"\n    stands in ${folder}/${publicFile}, which anybody may read.`,
  );
  const files = exposed.map(
    ({ file, publicFile }) => `  ${file}: shows ${folder}/${publicFile}, which anybody may have.`,
  );
  return new Error(
    [
      'What is not for everybody stands in public files:',
      ...texts,
      ...files,
      ...(texts.length > 0 ? [textAdvice] : []),
      ...(files.length > 0 ? [fileAdvice] : []),
      markAdvice,
    ].join('\n'),
  );
}

/** @param files of pages below /blog/ that are no articles */
export function createStrayError(files: string[]): Error {
  return new Error(
    `Below /blog/ are articles alone, and these are none: ${files.join(', ')}. Move them to another folder, or write an article in src/content/blog.`,
  );
}
