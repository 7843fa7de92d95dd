import { defineCollection } from 'astro:content';
import { z } from 'astro/zod';
import { readSlug } from './lib/article-slug.ts';
import { loadMarkdown } from './lib/markdown-loader.ts';

const text = z.string('must be text: write it between quotes').min(1, 'must not be empty');
const yesOrNo = z.boolean('must be true or false');
const day = z.date('must be a day such as 2026-11-21, without quotes');

/** Who may read it: public, members, or roles such as gold or [gold, silver]. */
const access = z.union([z.string(), z.array(z.string())]).optional();

const section = z.object({
  title: text,
  summary: text,
  /** Place on the page, lowest first. */
  order: z.number('must be a number'),
  /** Not published: seen in `npm run dev` alone. */
  draft: yesOrNo.default(false),
  access,
});

const article = z.object({
  title: text,
  /** One sentence, for search engines and the API: public. */
  summary: text,
  date: day,
  draft: yesOrNo.default(false),
  /** Anybody may read all of it, and it is not counted. */
  free: yesOrNo.default(false),
  /** The end of its address, where that is not made from the file's name. */
  slug: z.union([z.string(), z.number()]).optional(),
  access,
  /** Its former addresses, the oldest first: former slugs, or paths such as /2019/news. */
  aliases: z.array(text, 'must be a list, such as [old-name, /2019/news]').default([]),
});

const secrets = defineCollection({
  loader: loadMarkdown({
    folder: 'src/content/secrets',
    keys: Object.keys(section.shape),
    nameEntry: (entry) => readSlug(entry),
  }),
  schema: section,
});

const blog = defineCollection({
  loader: loadMarkdown({
    folder: 'src/content/blog',
    keys: Object.keys(article.shape),
    nameEntry: readSlug,
  }),
  schema: article,
});

export const collections = { blog, secrets };
