import { describeAudience } from './audiences.ts';
import type { ExposedFile } from './find-exposed-files.ts';
import type { Leak } from './find-leaks.ts';

type Advice = { text: string; file: string };
const ownAdvice: Advice = {
  text: 'Take the text out of one of the two. An article may have it above the mark that ends its lead-in.',
  file: 'Put such a file into the folder public, below a path that is not public, and name it by its path.',
};
/** For a site that another generator built. */
const ownersAdvice: Advice = {
  text: 'Leave the private page out of the list, feed or search index, or give that file the rule of the page.',
  file: 'Put such a file at a path that has the rule of the page, and name it by its path.',
};
const markAdvice =
  'What a private page may share with everybody goes into an element with the attribute data-public.';

/**
 * Says what is where, and what to do.
 *
 * @param folder the built site's, as it is shown, and whether another generator built it
 */
export function createLeakError(
  { folder, isOwners }: { folder: string; isOwners: boolean },
  leaks: Leak[],
  exposed: ExposedFile[],
): Error {
  const advice = isOwners ? ownersAdvice : ownAdvice;
  const texts = leaks.map(({ file, audience, sentence, foundIn, foundFor }) => {
    const [own, wider] = [audience, foundFor].map(describeAudience);
    const whose = audience === 'members' || audience === 'metered' ? '' : ` (for ${own})`;
    return `  ${file}${whose}: "${sentence}"\n    stands in ${folder}/${foundIn}, which ${wider} may read.`;
  });
  const files = exposed.map(
    ({ file, publicFile }) => `  ${file}: shows ${folder}/${publicFile}, which anybody may have.`,
  );
  return new Error(
    [
      leaks.every(({ foundFor }) => foundFor === 'public' || foundFor === 'metered')
        ? 'What is not for everybody stands in public files:'
        : 'What is for some stands in files that others have:',
      ...texts,
      ...files,
      ...(texts.length > 0 ? [advice.text] : []),
      ...(files.length > 0 ? [advice.file] : []),
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

/** @param file of a public page that has parts for roles */
export function createPublicPartError(file: string): Error {
  return new Error(
    `${file} is public, and has parts for some roles: everybody would get them. Make the page a members' page, or put what is for a role on a page of its own.`,
  );
}

/** @param file of a page with parts for roles, which the server cannot tell apart in it */
export function createEncodingError(file: string): Error {
  return new Error(
    `${file} has parts for some roles and is not in UTF-8: the server cannot leave them out, and gives the page to nobody. Save it in UTF-8.`,
  );
}
