import { listSecurityHeaders } from '../http/security-headers.ts';
import type { Settings } from '../settings/settings.ts';
import type { LiveAnswer } from './ask-live-site.ts';
import { problem, warning, type Finding } from './finding.ts';

const title = 'live headers';
const policyName = 'content-security-policy';
/** What the policy of a page has at least; hosts may stand in its other directives. */
const leastOfPage = [
  /^default-src\s/,
  /^object-src 'none'$/,
  /^base-uri 'none'$/,
  /^frame-ancestors 'none'$/,
];

export type SeenAnswer = { answer: LiveAnswer; isPage: boolean };

/** What a proxy took away, added or changed: one sentence for each header. */
export function examineLiveHeaders(settings: Settings, seen: SeenAnswer[]): Finding[] {
  const expected = Object.entries(listSecurityHeaders(settings));
  return [
    ...expected.flatMap(([name, value]) => examineHeader(name, value, seen)),
    ...examineNames(seen.map(({ answer }) => answer)),
  ];
}

function examineHeader(name: string, value: string, seen: SeenAnswer[]): Finding[] {
  const missing = seen.filter(({ answer }) => answer.values(name).length === 0);
  const doubled = seen.filter(({ answer }) => answer.values(name).length > 1);
  const changed = seen.filter((one) => isChanged(name, value, one));
  return [
    ...tell(missing, (paths) =>
      problem(
        title,
        `${paths} came without ${name}`,
        `The server sends it: let the proxy pass it on, or add “${name}: …” there as the server has it.`,
      ),
    ),
    ...tell(doubled, (paths) =>
      warning(
        title,
        `${paths} came with ${name} more than once`,
        'Take it out of the settings of the proxy: the server sends it already.',
      ),
    ),
    ...tell(changed, (paths) => {
      const [came = ''] = changed[0]?.answer.values(name) ?? [];
      const detail = `${paths} came with another ${name} than the server sends: ${came}`;
      return problem(
        title,
        detail,
        'Take it out of the settings of the proxy, and out of what it hides.',
      );
    }),
  ];
}

function isChanged(name: string, expected: string, { answer, isPage }: SeenAnswer): boolean {
  const values = answer.values(name);
  const [came] = values;
  if (came === undefined || values.length > 1) return false;
  if (name !== policyName || !isPage) return came !== expected;
  const directives = came.split(';').map((directive) => directive.trim());
  const hasAll = leastOfPage.every((least) => directives.some((one) => least.test(one)));
  return !hasAll || /'unsafe-(inline|eval)'/.test(came);
}

/** Names and versions of programs help those who look for their known faults. */
function examineNames(answers: LiveAnswer[]): Finding[] {
  const programs = [
    ...answers.flatMap((answer) => answer.values('x-powered-by')),
    ...answers.flatMap((answer) => answer.values('server').filter((value) => /\d/.test(value))),
  ];
  if (programs.length === 0) return [];
  const advice = 'Let the proxy leave it out (nginx: server_tokens off).';
  return [warning(title, `answers name a program: ${[...new Set(programs)].join(', ')}`, advice)];
}

function tell(seen: SeenAnswer[], say: (paths: string) => Finding): Finding[] {
  const paths = seen.map(({ answer }) => answer.path);
  return paths.length > 0 ? [say([...new Set(paths)].join(', '))] : [];
}
