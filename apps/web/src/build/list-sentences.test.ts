import { expect, test } from 'vitest';
import { listFileSentences, listSentences } from './list-sentences.ts';

const plan = 'The plan of the vault hangs here.';

test('a text has sentences, and short ones are none', () => {
  expect(
    listSentences(`<h2>Plan</h2>
<p>Say <strong>“open sesame”</strong> to the third door on the left. It&#39;s quick.</p>
<pre><code>sudo <b>rm</b> the old lock
echo done</code></pre>`),
  ).toEqual(['Say “open sesame” to the third door on the left.', 'sudo rm the old lock']);
});

test.each([
  ['its main part', `<header><p>We are glad to see you.</p></header><main><p>${plan}</p></main>`],
  ['all of it, without a main part', `<title>Plan</title><section><p>${plan}</p></section>`],
  ['parts that stand side by side', `<main><h1>Plan</h1>${plan}<button>Go</button></main>`],
  ['the words for an image', `<main><p>Look:<img alt="${plan}" src="/plan.png"></p></main>`],
  ['what is shown without a script', `<main><noscript><p>${plan}</p></noscript></main>`],
  ['what a script brings in', `<main><template><p>${plan}</p></template></main>`],
])('of a page, sentences are in %s', (_where, html) => {
  expect(listSentences(html)).toEqual([plan]);
});

test('what is marked as public is no private text, and what follows it is', () => {
  const form = `<form data-public><p>Three or four unrelated words make a good one.</p></form>`;
  const image = `<img data-public alt="Three or four unrelated words on paper" src="/words.png">`;
  expect(listSentences(`<main>${form}${image}<p>${plan}</p></main>`)).toEqual([plan]);
});

test('a script is no text', () => {
  const script = '<script>const plan = "the vault opens at seven"</script>';
  expect(listSentences(`<main>${script}<style>p { color: red }</style></main>`)).toEqual([]);
});

test('words are counted in scripts that have no spaces between them', () => {
  expect(listSentences('<main><p>金庫の鍵は三番目の扉の後ろにあります。</p></main>')).toHaveLength(
    1,
  );
});

test.each([
  ['plan.html', `<main><p>${plan}</p></main>`],
  ['plan.json', JSON.stringify({ items: [{ id: 7, html: `<p>${plan}</p>` }] })],
  ['plan.json', `\ufeff{ // why\n "plan": "${plan}" }`],
  ['plan.json', `${'['.repeat(50_000)}"${plan}"${']'.repeat(50_000)}`],
  ['plan.jsonl', `{"id":1}\n{"text":"${plan}"}`],
  ['plan.csv', `1,"${plan}",2`],
  ['plan.yaml', `text: "${plan}"`],
  ['plan.txt', 'The plan of the vault\nhangs here.'],
])('of a file, sentences are in %s', (name, text) => {
  expect(listFileSentences(name, text)).toContain(plan);
});

test.each(['', '\ufeff', '{"a":', '{}', '// nothing'])('a data file may hold %j', (text) => {
  expect(listFileSentences('plan.json', text)).toEqual([]);
});

test('a program is no text', () => {
  expect(listFileSentences('plan.js', '/* A licence that many programs have. */')).toEqual([]);
});

test('Of a PDF it is what is shown, and nothing that its maker writes into many', () => {
  const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Producer (A maker of many PDF files)>>endobj
BT /F1 12 Tf (${plan}) Tj ET`;
  expect(listFileSentences('plan.pdf', pdf)).toEqual([plan]);
});
