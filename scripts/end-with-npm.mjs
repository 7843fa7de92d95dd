// @ts-check
import process from 'node:process';

// Started by hand it may outlive its shell; started by npm it must not outlive npm.
if (process.env['npm_lifecycle_event']) await import('./end-with-parent.mjs');
