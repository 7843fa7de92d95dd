import { formatTime } from '@latchkey/shared';
import type { Finding } from '../doctor/finding.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import { count } from '../text/count-noun.ts';
import type { Caller } from './form-answer.ts';

const words: Record<Finding['state'], string> = {
  problem: 'Problem',
  warning: 'Warning',
  ok: 'Fine',
};

function showFinding({ state, title, detail, advice = '' }: Finding): ListItem {
  return {
    state,
    stateText: words[state],
    title: title.charAt(0).toUpperCase() + title.slice(1),
    detail,
    advice,
    advised: String(advice !== ''),
  };
}

function summarise(findings: Finding[]): string {
  const number = (state: Finding['state']) =>
    findings.filter((finding) => finding.state === state).length;
  const [problems, warnings] = [number('problem'), number('warning')];
  if (problems + warnings === 0) return 'All is well.';
  const parts = [
    ...(problems > 0 ? [count(problems, 'problem')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return `${parts.join(' and ')}.`;
}

/** How the site does at this moment, as `doctor` sees it. */
export async function fillHealth({ operator }: Caller): Promise<Pick<PageFilling, 'lists'>> {
  const { findings, at } = await operator.health();
  return {
    lists: {
      healthView: [{ summary: summarise(findings), at, atText: formatTime(at) }],
      findings: findings.map(showFinding),
    },
  };
}
