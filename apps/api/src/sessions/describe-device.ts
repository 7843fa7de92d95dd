type Pattern = readonly [RegExp, string];

/** A pattern may take longer than a long header is worth. */
const LONGEST_READ = 400;

/** The first that matches counts: most browsers also name those that they descend from. */
const browsers: readonly Pattern[] = [
  [/\b(?:Edg|EdgA|EdgiOS)\//, 'Edge'],
  [/\b(?:OPR|OPT|OPX)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bYaBrowser\//, 'Yandex Browser'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
];

const systems: readonly Pattern[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

function findName(userAgent: string, patterns: readonly Pattern[]): string | undefined {
  return patterns.find(([pattern]) => pattern.test(userAgent))?.[1];
}

/**
 * Browser and system in words, such as "Firefox on Linux", from a `User-Agent` header. It is what the
 * browser says of itself and no proof: anybody can send any.
 */
export function describeDevice(userAgent: string | null | undefined): string {
  const text = (userAgent ?? '').slice(0, LONGEST_READ);
  const browser = findName(text, browsers);
  const system = findName(text, systems);
  if (browser && system) return `${browser} on ${system}`;
  if (browser) return browser;
  return system ? `A browser on ${system}` : 'An unknown device';
}
