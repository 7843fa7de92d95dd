// @ts-check
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import astro from 'eslint-plugin-astro';
import globals from 'globals';
import tseslint from 'typescript-eslint';

import { importDirections } from './scripts/lint/import-directions.mjs';
import { roomOrder } from './scripts/lint/room-order.mjs';

const typescript = ['**/*.ts'];
const astroFiles = ['**/*.astro'];
const astroScripts = ['**/*.astro/*.js', '**/*.astro/*.ts'];
/** Pages and layouts of the site itself, and not of the product. */
const ownersScripts = [
  'apps/web/src/pages/!(*.astro)/**',
  'apps/web/src/pages/!(404|check-email|confirm-email|dashboard|forgot-password|login|logout|operator|problem|register|reset-password|search|second-factor|secure-account|undo-email).astro/*',
  'apps/web/src/layouts/!(ArticlePage|Base|MarkdownPage).astro/*',
];
const outsideSettings =
  'Settings are read in apps/api/src/settings/settings.ts alone; take what you need as a parameter.';

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/.turbo/',
    '.cache/',
    'apps/web/.astro/',
    'apps/web/dist/',
    'apps/web/dist.*/',
    'e2e/test-results/',
    'e2e/playwright-report/',
    // Served as they are.
    'apps/web/public/',
    'apps/api/downloads/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: typescript,
    ignores: astroScripts,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A string spread is how code points are counted.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // What implements an asynchronous interface may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: [...astroFiles, ...astroScripts], extends: [tseslint.configs.strict] },
  astro.configs['flat/recommended'],
  {
    files: astroFiles,
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parserOptions: {
        project: './apps/web/tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.astro'],
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    // Of the product's own: a site that is moved in has scripts of any kind in its pages.
    files: astroScripts,
    ignores: ownersScripts,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Program > :not(ImportDeclaration)',
          message:
            'A script in a page only imports: its code goes to src/lib, where its types are checked.',
        },
      ],
    },
  },
  {
    files: [...typescript, ...astroFiles],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    plugins: {
      latchkey: { rules: { 'import-directions': importDirections, 'room-order': roomOrder } },
    },
    rules: {
      'latchkey/import-directions': 'error',
      'latchkey/room-order': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['apps/**', 'packages/**'],
    ignores: ['apps/api/src/settings/settings.ts', '**/*.config.*', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: outsideSettings },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            importNames: ['env'],
            message: outsideSettings,
          })),
        },
      ],
    },
  },
  { files: ['**/*.mjs', '*.js'], languageOptions: { globals: globals.node } },
);
