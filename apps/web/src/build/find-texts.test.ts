import { expect, test } from 'vitest';
import { createSearch } from './find-texts.ts';

const text = 'thesparekeyhangsbehindthethirdclockfromtheleftaußentürklinke';

test.each([
  ['at the start', 'thesparekeyhangs'],
  ['in the middle', 'behindthethirdclock'],
  ['at the end', 'leftaußentürklinke'],
  ['that are short', 'clock'],
  ['that are all of it', text],
])('texts are found %s', (_where, wanted) => {
  expect([...createSearch(['nosuchtextinthere', wanted])(text)]).toEqual([wanted]);
});

test('texts that begin alike are told apart', () => {
  const search = createSearch(['thesparekeyhangsbehind', 'thesparekeyhangsabove']);
  expect([...search(text)]).toEqual(['thesparekeyhangsbehind']);
});

test('every run of characters is found, and none in another text', () => {
  const runs = Array.from({ length: text.length - 14 }, (_, at) => text.slice(at, at + 14));
  expect(createSearch(runs)(text).size).toBe(runs.length);
  expect(createSearch(runs)(Array.from(text).toReversed().join('')).size).toBe(0);
});
