import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const tool = (name: string) => [process.execPath, path.join(root, 'node_modules/.bin', name)];

export type GeneratorName = 'Hugo' | 'Eleventy' | 'Starlight';

type Generator = {
  /** The folder of its site, beside this file. */
  source: string;
  /** Program and arguments, run in the site's folder; null where the program is not here. */
  command: ((output: string) => string[]) | null;
  /** Colours of the site's text and, by its latchkey.css, of Latchkey's buttons. */
  colours: { text: string; action: string };
  /** Sentences of its home page, of /members/plan/, of that page's part for the role gold, and of its 404.html. */
  words: { home: string; members: string; part: string; missing: string };
  /** What keeps the members' texts out of the search index: a text of a source file. */
  mark: { file: string; text: string };
  /** The public file that has them without it. */
  index: RegExp;
};

const hugo = process.env['HUGO_PATH'] ?? '';

/** What builds the sites of these tests, and what each site says. */
export const generators: Record<GeneratorName, Generator> = {
  Hugo: {
    source: 'hugo',
    command: hugo ? (output) => [hugo, '--minify', '--destination', output] : null,
    colours: { text: 'rgb(40, 20, 60)', action: 'rgb(112, 26, 117)' },
    words: {
      home: 'Welcome to the house of many clocks.',
      members: 'The spare key hangs behind the third clock in the hall.',
      part: 'The night watch comes at a quarter past eleven.',
      missing: 'The clock has no hand for this hour.',
    },
    mark: { file: 'content/members/_index.md', text: 'private: true' },
    index: /index\.json/,
  },
  Eleventy: {
    source: 'eleventy',
    command: (output) => [...tool('eleventy'), '--quiet', `--output=${output}`],
    colours: { text: 'rgb(20, 60, 30)', action: 'rgb(22, 101, 52)' },
    words: {
      home: 'Welcome to the orchard on the hill.',
      members: 'The gate behind the old well is never locked at night.',
      part: 'The oldest tree stands alone beyond the second wall.',
      missing: 'No tree of that name stands in this orchard.',
    },
    mark: { file: 'content/members/members.json', text: '"private": true' },
    index: /search\.json/,
  },
  Starlight: {
    source: 'starlight',
    command: (output) => [...tool('astro'), 'build', '--outDir', output],
    colours: { text: 'rgb(10, 50, 100)', action: 'rgb(30, 64, 175)' },
    words: {
      home: 'Welcome to the observatory at the lake.',
      members: 'The dome opens with the lever behind the western pillar.',
      part: 'The second dome opens on moonless nights alone.',
      missing: 'Page not found',
    },
    mark: { file: 'src/content/docs/members/plan.md', text: 'pagefind: false' },
    index: /pagefind\/fragment\/.+\.pf_fragment \(\/members\/plan\/\)/,
  },
};
