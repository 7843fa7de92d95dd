// @ts-check

/**
 * The visitors of a rule that looks at everything a file imports or exports from elsewhere.
 *
 * @param {(node: any, source: string, typeOnly: boolean) => void} check
 */
export function visitImports(check) {
  const look = (/** @type {any} */ node, /** @type {unknown} */ source, typeOnly = false) => {
    if (typeof source === 'string') check(node, source, typeOnly);
  };
  const checkStatement = (/** @type {any} */ node) =>
    look(node, node.source?.value, isTypeOnly(node));
  return {
    ImportDeclaration: checkStatement,
    ExportNamedDeclaration: checkStatement,
    ExportAllDeclaration: checkStatement,
    ImportExpression: (/** @type {any} */ node) => look(node, node.source.value),
    TSImportType: (/** @type {any} */ node) =>
      look(node, node.source?.value ?? node.argument?.literal?.value, true),
  };
}

/** @param {any} node */
function isTypeOnly(node) {
  return node.importKind === 'type' || node.exportKind === 'type';
}
