// @ts-check
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { findProofs } from './asvs/find-proofs.mjs';
import { writeTable } from './asvs/write-table.mjs';
import { root } from './workspace.mjs';

// usage: node scripts/asvs.mjs
// Writes docs/asvs.md anew.

writeFileSync(path.join(root, 'docs/asvs.md'), await writeTable(findProofs()));
