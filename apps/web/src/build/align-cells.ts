import { defineHastPlugin } from 'satteri';

const alignment = /^text-align:\s*(left|center|right);?$/;

/** Columns are aligned by an attribute: the content security policy forbids inline styles. */
export const alignCells = defineHastPlugin({
  name: 'align-cells',
  element: {
    filter: ['td', 'th'],
    visit(node, context) {
      const { style } = node.properties;
      const [, align] = alignment.exec(typeof style === 'string' ? style : '') ?? [];
      if (align === undefined) return;
      context.setProperty(node, 'style', null);
      context.setProperty(node, 'align', align);
    },
  },
});
