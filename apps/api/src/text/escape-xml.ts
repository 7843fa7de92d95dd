import { escapeHtml } from './escape-html.ts';

const impossible = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * A text as it stands in XML. What XML cannot hold, such as a control character or half of a pair, would
 * break the whole document: the sign for an unreadable character stands for it.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function escapeXml(text: string): string {
  return escapeHtml(text.replace(impossible, '\ufffd'));
}
