import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { listRuleFaults, type AccessRules } from '@latchkey/shared';
import { z } from 'zod';

/**
 * The rules of a site that was built elsewhere: a file of JSON with paths and who may have them.
 *
 * @param root where a relative path begins
 */
export const accessRulesFile = (root: string) =>
  z.string().transform((path, context): AccessRules => {
    const read = readRules(resolve(root, path));
    if ('rules' in read) return read.rules;
    for (const message of read.faults) {
      context.issues.push({ code: 'custom', message, input: path });
    }
    return z.NEVER;
  });

function readRules(file: string): { rules: AccessRules } | { faults: string[] } {
  let rules: unknown;
  try {
    rules = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { faults: [`must name a file of JSON: ${reason}`] };
  }
  if (!isRecord(rules)) {
    return { faults: [`must name a file such as { "/": "public", "/vault/*": ["gold"] }`] };
  }
  const faults = listRuleFaults(rules).map((fault) => fault.replace(/\.$/, ''));
  // What is without a fault is a list of rules.
  return faults.length > 0 ? { faults } : { rules: rules as AccessRules };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
