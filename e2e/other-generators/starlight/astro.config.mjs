import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

export default defineConfig({
  site: 'https://starlight.example',
  devToolbar: { enabled: false },
  integrations: [
    starlight({
      title: 'The Observatory',
      customCss: ['./src/site.css'],
      head: [{ tag: 'script', attrs: { src: '/_latchkey/session.js', defer: true } }],
      sidebar: [
        { label: 'Begin', slug: 'guides/begin' },
        { label: 'Plan', slug: 'members/plan' },
        { label: 'Vault', slug: 'gold' },
      ],
    }),
  ],
});
