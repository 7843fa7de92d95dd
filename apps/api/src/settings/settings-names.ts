import { closest, distance } from 'fastest-levenshtein';

const families = /^(LATCHKEY|SESSION|PASSWORD)_/;

const normalize = (name: string) =>
  name
    .toUpperCase()
    .replaceAll(/[-. ]/g, '_')
    .replace(/^LATCHKEY_/, '');

/** The setting that is written most like a name. */
function findNearest(name: string, known: readonly string[]): string {
  const plain = normalize(name);
  if (known.includes(plain)) return plain;
  const [longer, ...others] = known.filter((one) => one.startsWith(`${plain}_`));
  return longer !== undefined && others.length === 0
    ? longer
    : closest(name.toUpperCase(), [...known]);
}

/** Whether a name in a file of settings can only be meant for one of ours. */
function isMeantForUs(name: string, nearest: string): boolean {
  const plain = normalize(name);
  const isPart = nearest.startsWith(`${plain}_`) || plain.startsWith(`${nearest}_`);
  return (
    plain === nearest ||
    families.test(name.toUpperCase()) ||
    distance(plain, nearest) <= Math.max(1, Math.floor(plain.length / 4)) ||
    (isPart && nearest.length > 4)
  );
}

/** What is wrong with a name of a file of settings that is no setting, as a fault or a warning. */
export function explainUnknownName(
  name: string,
  known: readonly string[],
): { sentence: string; isFault: boolean } {
  const nearest = findNearest(name, known);
  const isFault = isMeantForUs(name, nearest);
  const isShown = isFault || /^[A-Z][A-Z0-9_]*$/.test(name);
  const subject = isShown ? name : 'its name';
  const sentence = isFault
    ? `${subject} is no setting. Did you mean ${nearest}?`
    : `${subject} is no setting of Latchkey and is not read. The nearest is ${nearest}.`;
  return { sentence, isFault };
}

/** Warnings of names in the environment, which is full of other programs' names: near misses alone. */
export function findMisspeltVariables(
  env: Record<string, string | undefined>,
  known: readonly string[],
): string[] {
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name)) return [];
    const nearest = findNearest(name, known);
    const isNear = nearest.length > 4 && distance(normalize(name), nearest) <= 2;
    if (!isNear && !name.startsWith('LATCHKEY_')) return [];
    return [`The variable ${name} is no setting and is not read. Did you mean ${nearest}?`];
  });
}
