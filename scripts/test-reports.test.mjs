// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readPlaywright, readTap, readTurbo, readVitest } from './test-reports.mjs';

test('each runner’s report tells how many tests ran, and which failed and why', () => {
  const vitest = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      {
        name: '/site/src/limits.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'a point is given back', failureMessages: [] },
          {
            status: 'failed',
            fullName: 'a point is taken',
            failureMessages: [
              'AssertionError: \u001B[31mexpected 1\u001B[39m to be 2\n  at line 3',
            ],
          },
        ],
      },
      {
        name: '/site/src/broken.test.ts',
        status: 'failed',
        message: 'SyntaxError: no such export\nmore',
        assertionResults: [],
      },
    ],
  };
  assert.deepEqual(readVitest(JSON.stringify(vitest)), {
    passed: 3,
    failed: 2,
    skipped: 1,
    failures: [
      'broken.test.ts: SyntaxError: no such export',
      'limits.test.ts › a point is taken: AssertionError: expected 1 to be 2',
    ],
  });

  const ended = (/** @type {string} */ status, /** @type {string} */ message) => ({
    status,
    projectName: 'phone',
    results: [{ errors: [{ message }] }],
  });
  const playwright = {
    stats: { expected: 5, flaky: 0, unexpected: 1, skipped: 2 },
    errors: [],
    suites: [
      {
        specs: [],
        suites: [
          {
            specs: [
              {
                file: 'login.spec.ts',
                line: 6,
                title: 'an email logs in',
                tests: [ended('expected', ''), ended('unexpected', 'Error: timed out\n\n  6 | …')],
              },
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(readPlaywright(JSON.stringify(playwright)), {
    passed: 5,
    failed: 1,
    skipped: 2,
    failures: ['[phone] login.spec.ts:6 › an email logs in: Error: timed out'],
  });

  const tap =
    'ok 1 - one\nnot ok 2 - two\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0';
  assert.deepEqual(readTap(tap), { passed: 1, failed: 1, skipped: 0, failures: ['two'] });
});

test('Turborepo’s report counts the tasks that ran, and tells what to do about the format', () => {
  const ran = (/** @type {string} */ taskId, /** @type {number} */ exitCode) => ({
    taskId,
    command: 'tool',
    execution: { exitCode },
  });
  const tasks = [
    ran('@latchkey/api#lint', 1),
    ran('//#format:root', 1),
    ran('//#knip:root', 0),
    { ...ran('@latchkey/db#sources', 0), command: '<NONEXISTENT>' },
    { taskId: '@latchkey/web#lint', command: 'tool' },
  ];
  assert.deepEqual(readTurbo(JSON.stringify({ tasks })), {
    passed: 1,
    failed: 2,
    skipped: 0,
    failures: [
      '@latchkey/api#lint',
      'format:root: Run "npm run format": it writes the files that are named above as they should be.',
    ],
  });
});
