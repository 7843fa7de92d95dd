import { expect, test } from 'vitest';
import { FailureWork } from './failure-work.ts';

function noteAll(kinds: Record<string, number[]>): FailureWork {
  const work = new FailureWork();
  for (const [kind, values] of Object.entries(kinds)) {
    for (const workMs of values) work.note(kind, workMs);
  }
  return work;
}

test('A failure takes as much as the slowest of the last hashes', () => {
  expect(noteAll({}).failureMs).toBe(0);
  expect(noteAll({ scrypt: [280, 270, 290, 275] }).failureMs).toBe(290);
});

test('A cheaper kind changes nothing, with one slow moment either', () => {
  expect(noteAll({ scrypt: [280, 270], bcrypt: [60, 61, 900, 60] }).failureMs).toBe(280);
});

test('A dearer kind makes all failures as dear', () => {
  expect(noteAll({ scrypt: [280, 270], bcrypt: [1000, 1010] }).failureMs).toBe(1010);
});

test('A slow moment is forgotten', () => {
  const quiet = Array.from({ length: 16 }, () => 270);
  expect(noteAll({ scrypt: [900, ...quiet] }).failureMs).toBe(270);
});
