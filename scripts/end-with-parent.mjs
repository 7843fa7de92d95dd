// @ts-check
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

// Preloaded into what the launchers start: a parent that was killed outright
// cannot pass a signal on, and the server would keep its port for ever.
const checkEveryMilliseconds = 1_000;
const parent = process.ppid;

if (isMainThread) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, checkEveryMilliseconds);
  timer.unref();
}
