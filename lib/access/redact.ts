const mark = '***';

/** A part of a secret that is shorter is not recognised where a text was cut. */
const leastCut = 4;

/**
 * A text of another server without our credentials: a server that echoes the request would otherwise put them into a log, or
 * into an answer. Also what was escaped in a URL, in JSON or in HTML is found, and a secret that is cut at the end of the text.
 *
 * @param secrets The longest first.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, mark);
  for (const secret of secrets) result = withoutCut(result, secret);
  return result;
}

function withoutCut(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= leastCut; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${mark}`;
  }
  return text;
}

/** The forms in which a server may show secrets, as {@link redact} takes them. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    inHtml(secret),
  ]);
  return [...new Set(forms)].filter((form) => form !== '').toSorted((a, b) => b.length - a.length);
}

/** As Go's `html.EscapeString` writes it. */
function inHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
}
