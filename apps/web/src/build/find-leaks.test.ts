import { expect, test } from 'vitest';
import { findLeaks, listSentences } from './find-leaks.ts';

const secret = {
  file: 'src/content/secrets/plan.md',
  html: `<h2>Plan</h2>
<p>Say <strong>“open sesame”</strong> to the third door on the left. It&#39;s quick.</p>
<pre><code>sudo rm the old lock
echo done</code></pre>`,
};

test('a text has sentences, and short ones are none', () => {
  expect(listSentences(secret.html)).toEqual([
    'Say “open sesame” to the third door on the left.',
    'sudo rm the old lock',
  ]);
});

test.each([
  ['a page', 'index.html', '<p>Say <em>“open sesame”</em> to the third\n door on the left.</p>'],
  [
    'an attribute',
    'a.html',
    '<meta content="Say &quot;open sesame&quot; to the third door on the left.">',
  ],
  ['a script', 'a.js', 'x="Say \\u201copen sesame\\u201d to the\\nthird door on the left."'],
  ['a feed', 'feed.xml', '&lt;p&gt;Say “open sesame” to the third door on the left.&lt;/p&gt;'],
  ['capitals', 'a.txt', 'SAY OPEN SESAME TO THE THIRD DOOR ON THE LEFT'],
])('a sentence is found in %s', (_where, name, text) => {
  expect(findLeaks([secret], [{ name, text }])).toEqual([
    {
      file: secret.file,
      sentence: 'Say “open sesame” to the third door on the left.',
      publicFile: name,
    },
  ]);
});

test('text that is only alike is no leak', () => {
  const text = '<h2>Plan</h2><p>Say “open” to the third door. It’s quick. echo done</p>';
  expect(findLeaks([secret], [{ name: 'index.html', text }])).toEqual([]);
});
