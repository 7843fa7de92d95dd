import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from './database-url.ts';

describe('parseDatabaseUrl', () => {
  test('takes a relative path from the working directory', () => {
    expect(parseDatabaseUrl('sqlite:data/x.sqlite')).toMatchObject({
      dialect: 'sqlite',
      filePath: path.join(process.cwd(), 'data/x.sqlite'),
    });
  });

  test('takes an absolute path as it is', () => {
    expect(parseDatabaseUrl('sqlite:/srv/x.sqlite')).toMatchObject({ filePath: '/srv/x.sqlite' });
  });

  test.each(['postgres', 'postgresql'])('names a %s database without its user', (scheme) => {
    const url = `${scheme}://latchkey:hunter2@db.example.com:5433/site?sslmode=require`;
    expect(parseDatabaseUrl(url)).toEqual({
      dialect: 'postgres',
      url,
      label: 'postgres://db.example.com:5433/site',
    });
  });

  test.each([
    ['', 'it has no scheme'],
    ['data/x.sqlite', 'it has no scheme'],
    ['mysql://root:hunter2@localhost/site', '"mysql:" is not a known scheme'],
    ['sqlite:', 'no path follows'],
    ['sqlite:///data/x.sqlite', 'takes a plain path'],
    ['sqlite::memory:', 'cannot be shared between connections'],
    ['postgres://root:hunter2@local host:1/site', 'cannot be parsed'],
  ])('refuses %j and says what to do, without the password', (url, reason) => {
    const parse = () => parseDatabaseUrl(url);
    expect(parse).toThrow(reason);
    expect(parse).toThrow('Set DATABASE_URL to sqlite:PATH');
    expect(parse).not.toThrow('hunter2');
  });
});
