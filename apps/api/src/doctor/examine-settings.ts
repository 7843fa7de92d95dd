import type { Settings } from '../settings/settings.ts';
import { ok, warning, type Finding } from './finding.ts';

/** What is allowed in the settings but hardly meant. Faulty ones cannot be read at all. */
export function examineSettings({ warnings }: Pick<Settings, 'warnings'>): Finding[] {
  return [ok('settings', 'all settings are valid'), ...warnings.map(describeWarning)];
}

/** A warning says what is the matter, and then what to do. */
function describeWarning(sentence: string): Finding {
  const [, detail = sentence, advice = ''] = /^(.+?)[.:] (.+)$/.exec(sentence) ?? [];
  return warning('settings', detail, advice);
}
