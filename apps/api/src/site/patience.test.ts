import { expect, test, vi } from 'vitest';
import { createPatience } from './patience.ts';

test('An answer in time is the answer', async () => {
  const waitBriefly = createPatience(60_000);
  expect(await waitBriefly(Promise.resolve('Ada'))).toBe('Ada');
});

test('For one that is late nobody waits, nor for others meanwhile', async () => {
  const waitBriefly = createPatience(10);
  const slow = Promise.withResolvers<string>();
  expect(await waitBriefly(slow.promise)).toBeNull();
  expect(await waitBriefly(Promise.resolve('Ada'))).toBeNull();
  slow.resolve('Grace');
  await vi.waitFor(async () => {
    expect(await waitBriefly(Promise.resolve('Ada'))).toBe('Ada');
  });
});
