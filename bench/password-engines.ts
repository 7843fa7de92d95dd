import { randomBytes, scryptSync } from 'node:crypto';
import scryptJs from 'scrypt-js';
import type { Benchmark } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';

const ROUNDS = 3;
const LOG2N = 17;
const R = 8;
const P = 1;
const KEY_BYTES = 32;

type Engine = (password: Buffer, salt: Buffer) => Uint8Array;

const native: Engine = (password, salt) =>
  scryptSync(password, salt, KEY_BYTES, {
    N: 2 ** LOG2N,
    r: R,
    p: P,
    maxmem: 256 * R * 2 ** LOG2N,
  });
const inScript: Engine = (password, salt) =>
  scryptJs.syncScrypt(password, salt, 2 ** LOG2N, R, P, KEY_BYTES);

function timeMs(engine: Engine, password: Buffer, salt: Buffer) {
  const start = performance.now();
  const key = Buffer.from(engine(password, salt)).toString('hex');
  return { ms: performance.now() - start, key };
}

function runRound() {
  const [password, salt] = [randomBytes(16), randomBytes(16)];
  const ours = timeMs(inScript, password, salt);
  const nodes = timeMs(native, password, salt);
  if (ours.key !== nodes.key) throw new Error('The two engines derived different keys.');
  return { scriptMs: ours.ms, nativeMs: nodes.ms };
}

export const passwordEngines: Benchmark = {
  name: 'password-engines',
  title: 'What does scrypt-js cost where Node has no scrypt of its own?',
  run: async () => {
    runRound();
    const rounds = Array.from({ length: ROUNDS }, runRound);
    const scriptMs = findMedian(rounds.map((round) => round.scriptMs));
    const nativeMs = findMedian(rounds.map((round) => round.nativeMs));
    return [
      {
        measure: 'scrypt-js, time of one hash',
        yardstick: "Node's own scrypt",
        ratios: rounds.map((round) => round.scriptMs / round.nativeMs),
        meaning: `${scriptMs.toFixed(0)} ms against ${nativeMs.toFixed(0)} ms at N=2^${LOG2N}, r=${R}, p=${P}; the same bytes.`,
      },
    ];
  },
};
