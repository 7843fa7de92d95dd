import { expect, test } from 'vitest';
import { findMarkFaults } from './check-marks.ts';

const told = (html: string) =>
  findMarkFaults(html).map(({ written, sentence }) => `${written}: ${sentence}`);

test.each([
  ['<span data-slot="user-nmae"></span>', 'data-slot="user-nmae": The server fills no such place.'],
  ['<input data-value="user-phone">', 'data-value="user-phone": The server knows no such value.'],
  ['<input data-typed="pasword">', 'data-typed="pasword": No such field comes back to its form.'],
  [
    '<input type="checkbox" data-typed-checked="stay">',
    'data-typed-checked="stay": No such field comes back to its form.',
  ],
  [
    '<!--each:devices--><li></li><!--/each:devices-->',
    '<!--each:devices-->: There is no such list.',
  ],
  [
    '<!--each:sessions--><b>{{owner}}</b><!--/each:sessions-->',
    '{{owner}}: The list sessions has no "owner".',
  ],
  [
    '<!--each:sessions--><!--if:old-->old<!--/if:old--><!--/each:sessions-->',
    '<!--if:old-->: The list sessions has no "old".',
  ],
  ['<!--if:current-->here<!--/if:current-->', '<!--if:current-->: It stands in no list.'],
  ['<!--each:sessions--><li></li>', '<!--each:sessions-->: It has no end.'],
  ['<li></li><!--/each:sessions-->', '<!--/each:sessions-->: It ends nothing that began here.'],
])('of %s the build says what is wrong', (html, fault) => {
  expect(told(html)).toEqual([fault]);
});

test.each([
  '<p>In a text data-slot="user-nmae", {{owner}} and &lt;!--each:devices--> are nothing but text.</p>',
  '<script>const mark = \'<span data-slot="user-nmae"></span>{{owner}}\';</script>',
  '<!-- each: a comment of somebody --><!--if IE--><!--[if IE]>x<![endif]-->',
  '<div data-slot="card">What another library puts there</div><input data-slot="input">',
  '<li data-value="apple">Apple</li>',
  '<span data-slot="read-any-article"></span>',
])('nothing is wrong with %s', (html) => {
  expect(told(html)).toEqual([]);
});
