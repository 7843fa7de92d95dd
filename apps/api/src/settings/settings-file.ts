import { basename } from 'node:path';
import { explainUnknownName } from './settings-names.ts';
import { listUnreadFiles, readSettingsFile } from './settings-reading.ts';
import { parseSettingsText, type Entry } from './settings-text.ts';

/** What a file of settings holds. `places` says of each value where it stands, such as ".env, line 3: ". */
export type FileSettings = {
  values: Record<string, string>;
  places: Map<string, string>;
  faults: string[];
  warnings: string[];
};

/**
 * Reads a file of settings. Everything in it is a value of a known name, a fault or a warning.
 *
 * @param isChosen whether somebody named this very file, so that it has to be there
 */
export function loadSettingsFile(
  file: string,
  { isChosen, known }: { isChosen: boolean; known: readonly string[] },
): FileSettings {
  const label = isChosen ? file : basename(file);
  const found: FileSettings = { values: {}, places: new Map(), faults: [], warnings: [] };
  if (!isChosen) found.warnings.push(...listUnreadFiles(file).map(describeUnreadFile));
  const { text, fault } = readSettingsFile(file, { mustBeThere: isChosen });
  if (text === undefined) return { ...found, faults: [`${label} ${fault}`] };
  const { entries, faults } = parseSettingsText(text);
  found.faults.push(...faults.map(({ line, sentence }) => `${label}, line ${line} ${sentence}`));
  for (const entry of entries) sortEntry(entry, `${label}, line ${entry.line}: `, known, found);
  return found;
}

function sortEntry(
  { name, value }: Entry,
  place: string,
  known: readonly string[],
  found: FileSettings,
): void {
  if (name === 'LATCHKEY_ENV_FILE') {
    found.faults.push(`${place}${name} works in the environment alone.`);
  } else if (known.includes(name)) {
    found.values[name] = value;
    found.places.set(name, place);
  } else {
    const { sentence, isFault } = explainUnknownName(name, known);
    (isFault ? found.faults : found.warnings).push(place + sentence);
  }
}

const describeUnreadFile = (name: string) =>
  `The file ${name} is not read. Write its settings into .env.`;
