import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

const secrets = defineCollection({
  loader: glob({ pattern: '**/*.md', base: './src/content/secrets' }),
  schema: z.object({
    title: z.string(),
    summary: z.string(),
    /** Place on the page, lowest first. */
    order: z.number(),
  }),
});

const blog = defineCollection({
  loader: glob({ pattern: '**/*.md', base: './src/content/blog' }),
  schema: z.object({
    title: z.string(),
    /** One sentence, for search engines and the API: public. */
    summary: z.string(),
    date: z.coerce.date('must be a day such as 2026-11-21'),
  }),
});

export const collections = { blog, secrets };
