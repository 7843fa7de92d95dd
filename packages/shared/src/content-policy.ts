import { ALLOWED_HOSTS } from '#site/site';
import type { PolicyDirective } from './policy-directive.ts';

type Hosts = Partial<Record<PolicyDirective, string[]>>;

/** The build adds hashes to these two, page by page. */
const hashed = new Set<string>(['script-src', 'style-src'] satisfies PolicyDirective[]);

/** The sources of scripts, or of styles: the site itself, and the hosts that it allows. */
export function listSources(directive: 'script-src' | 'style-src', hosts: Hosts = ALLOWED_HOSTS) {
  return ["'self'", ...(hosts[directive] ?? [])];
}

/** The directives of every page's policy, without those for scripts and styles. */
export function listDirectives(hosts: Hosts = ALLOWED_HOSTS): string[] {
  const own: Record<string, string[]> = {
    'default-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'", ...(hosts['form-action'] ?? [])],
  };
  const allowed = Object.entries(hosts)
    .filter(([name]) => !hashed.has(name) && name !== 'form-action')
    .map(([name, sources]) => [name, ["'self'", ...sources]] as const);
  return [...Object.entries(own), ...allowed].map(([name, list]) => `${name} ${list.join(' ')}`);
}

/** The policy of a page that was not built by Astro, such as one in the folder `public`. */
export function describePolicy(hosts: Hosts = ALLOWED_HOSTS): string {
  const parts = (['script-src', 'style-src'] as const).map(
    (name) => `${name} ${listSources(name, hosts).join(' ')}`,
  );
  return [...listDirectives(hosts), ...parts].join('; ');
}
