import { describeAccess, findContradiction, type Access } from '@latchkey/shared';

/** What a text says of itself, and a rule says otherwise of its path, in a sentence; or null. */
export function explainContradiction(file: string, path: string, own: Access): string | null {
  const rule = findContradiction(path, own);
  if (!rule) return null;
  return `${file} says that it is for ${describeAccess(own)}, and the rule '${rule.key}' in packages/shared/src/access-rules.ts says ${describeAccess(rule.access)}. Change one of the two.`;
}

/** @throws where a rule says otherwise */
export function refuseContradiction(file: string, path: string, own: Access): void {
  const sentence = explainContradiction(file, path, own);
  if (sentence !== null) throw new Error(sentence);
}
