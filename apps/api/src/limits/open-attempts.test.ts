import { expect, test } from 'vitest';
import type { Allowance } from './limiter.ts';
import { OpenAttempts } from './open-attempts.ts';

const key = 'somebody';

/** Attempts at a limit of this many points, which are taken and given back at once. */
function openLimit(points: number) {
  const attempts = new OpenAttempts();
  const limit = { taken: 0, looks: 0 };
  const isSpent = () => {
    limit.looks += 1;
    return Promise.resolve(limit.taken >= points);
  };
  const take = (): Promise<Allowance> => {
    if (limit.taken >= points) return Promise.resolve({ isAllowed: false, retryAfterSeconds: 30 });
    limit.taken += 1;
    return Promise.resolve({ isAllowed: true, isLast: limit.taken === points });
  };
  const end = ({ isGivenBack }: { isGivenBack: boolean }) => {
    if (isGivenBack) limit.taken -= 1;
    attempts.end(key);
  };
  return { attempts, limit, isSpent, take, end, begin: () => attempts.begin(key, isSpent, take) };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('an attempt waits while others may give their points back, and the first comes first', async () => {
  const { begin, end } = openLimit(2);
  await begin();
  await begin();
  const order: string[] = [];
  const third = begin().then(() => order.push('third'));
  const fourth = begin().then(() => order.push('fourth'));
  await settle();
  expect(order).toEqual([]);
  end({ isGivenBack: true });
  await third;
  expect(order).toEqual(['third']);
  end({ isGivenBack: true });
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('it is refused once nothing is left that could come back', async () => {
  const { begin, end } = openLimit(2);
  await begin();
  await begin();
  const third = begin();
  end({ isGivenBack: false });
  end({ isGivenBack: false });
  expect(await third).toEqual({ isAllowed: false, retryAfterSeconds: 30 });
});

test('points that come back while they are looked at are looked at again', async () => {
  const { attempts, limit, take, begin, end } = openLimit(1);
  await begin();
  const isSpentAsOneEnds = () => {
    const wasSpent = limit.taken > 0;
    if (wasSpent) end({ isGivenBack: true });
    return Promise.resolve(wasSpent);
  };
  expect(await attempts.begin(key, isSpentAsOneEnds, take)).toEqual({
    isAllowed: true,
    isLast: true,
  });
});

test('a fault is for its own attempt alone', async () => {
  const { attempts, isSpent, begin } = openLimit(1);
  const faulty = attempts.begin(key, isSpent, () => Promise.reject(new Error('the disk is full')));
  const next = begin();
  await expect(faulty).rejects.toThrow('the disk is full');
  expect(await next).toEqual({ isAllowed: true, isLast: true });
});

test('nothing is looked at twice while nobody is under way', async () => {
  const { begin, end, limit } = openLimit(1);
  await begin();
  end({ isGivenBack: true });
  await begin();
  expect(limit.looks).toBe(0);
});
