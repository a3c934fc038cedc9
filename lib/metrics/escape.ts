/**
 * Label values and HELP texts as the text format and OpenMetrics write them.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information
 */

/** A label value between its quotes. */
export function escapeLabelValue(value: string): string {
  return /["\\\n]/.test(value) ? escapeHelp(value).replaceAll('"', '\\"') : value;
}

/** The text of a HELP line, where quotes are not escaped. */
export function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

export function unescapeLabelValue(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(.)/g, unescaped) : text;
}

function unescaped(_escape: string, character: string): string {
  return character === 'n' ? '\n' : character;
}
