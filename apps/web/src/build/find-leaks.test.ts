import { expect, test } from 'vitest';
import { createLeakSearch } from './find-leaks.ts';
import { listSentences } from './list-sentences.ts';

const sentence = 'Say “open sesame” to the third door on the left.';
const html = `<h2>Plan</h2>
<p>Say <strong>“open sesame”</strong> to the third door on the left. It&#39;s quick.</p>
<pre><code>sudo rm the old lock
echo done</code></pre>`;
const secret = {
  file: 'src/content/secrets/plan.md',
  audience: 'members' as const,
  sentences: listSentences(html),
};

test.each([
  ['a page', 'index.html', '<p>Say <em>“open sesame”</em> to the third\n door on the left.</p>'],
  ['named entities', 'a.html', 'Say &ldquo;open&nbsp;sesame&rdquo; to the third door on the left.'],
  [
    'an attribute',
    'a.html',
    '<meta content="Say &quot;open sesame&quot; to the third door on the left.">',
  ],
  [
    'JSON in an attribute',
    'a.html',
    `<x-plan props="{&quot;plan&quot;:[0,&quot;&lt;p>Say \\u201c&lt;b>open&lt;/b> sesame\\&quot; to the third door on the left.&quot;]}">`,
  ],
  ['a script', 'a.js', 'x="Say \\u201copen sesame\\u201d to the\\nthird door on the left."'],
  ['a script', 'b.js', 'x=`Say \\x22<b>open</b> sesame\\u{201d} to the third door on the left.`'],
  [
    'JSON in a page',
    'a.html',
    '<script>{"p":"Say “open\\u0020sesame” to the third door on the left"}',
  ],
  [
    'a source map',
    'a.js.map',
    '{"sourcesContent":["say(\'open sesame to the third door on the left\')"]}',
  ],
  ['a feed', 'feed.xml', '&lt;p&gt;Say “open sesame” to the third door on the left.&lt;/p&gt;'],
  [
    'a feed with a bold word',
    'feed.xml',
    '&lt;p&gt;Say &lt;strong class="loud"&gt;&amp;ldquo;open sesame&amp;rdquo;&lt;/strong&gt; to the third door on the left.',
  ],
  ['capitals', 'a.txt', 'SAY OPEN SESAME TO THE THIRD DOOR ON THE LEFT'],
])('a sentence is found in %s', (_where, _name, text) => {
  expect(createLeakSearch([secret])(text)).toEqual([
    { file: secret.file, audience: 'members', sentence },
  ]);
});

test('text that is only alike is no leak', () => {
  const text = '<h2>Plan</h2><p>Say “open” to the third door. It’s quick. echo done</p>';
  expect(createLeakSearch([secret])(text)).toEqual([]);
});

test('a sentence of two private files is told once, of the first', () => {
  const page = { ...secret, file: 'src/pages/secrets.astro', sentences: [sentence] };
  const leaks = createLeakSearch([secret, page])(sentence);
  expect(leaks.map(({ file }) => file)).toEqual([secret.file]);
});
