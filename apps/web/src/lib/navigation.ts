/** Who sees an entry: everybody, when it has no `when`. */
type NavigationEntry = { label: string; href: string; when?: 'signed-in' | 'signed-out' };

export const navigation: NavigationEntry[] = [
  { label: 'Home', href: '/' },
  { label: 'Blog', href: '/blog' },
  { label: 'Log in', href: '/login', when: 'signed-out' },
  { label: 'Register', href: '/register', when: 'signed-out' },
  { label: 'Secrets', href: '/secrets', when: 'signed-in' },
  { label: 'Dashboard', href: '/dashboard', when: 'signed-in' },
];
