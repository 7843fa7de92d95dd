import { expect, test } from 'vitest';
import { collectFieldErrors } from './field-errors.ts';

test('issues stand under their field, those of the whole input under the empty name', () => {
  const issues = [
    { path: ['name'], message: 'one' },
    { path: ['name'], message: 'two' },
    { path: ['address', 0], message: 'three' },
    { path: [], message: 'four' },
  ];
  expect(collectFieldErrors(issues)).toEqual({
    name: ['one', 'two'],
    address: ['three'],
    '': ['four'],
  });
});

test('a field may have the name of something that every object has', () => {
  const issues = ['__proto__', 'constructor', 'toString'].map((name) => ({
    path: [name],
    message: 'wrong',
  }));
  const fieldErrors = collectFieldErrors(issues);
  expect(Object.keys(fieldErrors)).toEqual(['__proto__', 'constructor', 'toString']);
  expect(Object.values(fieldErrors)).toEqual([['wrong'], ['wrong'], ['wrong']]);
});
