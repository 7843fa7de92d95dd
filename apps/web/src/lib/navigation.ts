import { BLOG, LANDING_NAME, LANDING_PATH } from '@latchkey/shared';

type Condition = 'signed-in' | 'signed-out' | 'registration-open';
/** Who sees an entry: everybody, when it has no `when`; whoever meets all of its conditions otherwise. */
type NavigationEntry = { label: string; href: string; when?: Condition[] };

export const navigation: NavigationEntry[] = [
  { label: 'Home', href: '/' },
  { label: BLOG.title, href: '/blog' },
  { label: 'Log in', href: '/login', when: ['signed-out'] },
  { label: 'Register', href: '/register', when: ['signed-out', 'registration-open'] },
  { label: LANDING_NAME, href: LANDING_PATH, when: ['signed-in'] },
  { label: 'Dashboard', href: '/dashboard', when: ['signed-in'] },
];
