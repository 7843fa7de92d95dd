import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';

// Puts a build that is whole in the place of the one before, which a running server serves. One that
// failed, perhaps because private text stands in it, never gets there.

await rm('dist.old', { recursive: true, force: true });
if (existsSync('dist')) await rename('dist', 'dist.old');
await rename('dist.new', 'dist');
await rm('dist.old', { recursive: true, force: true });
