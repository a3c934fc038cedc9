/** A parsed `Content-Type` header; `type` is in lower case and empty when there is no header. */
export interface MediaType {
  readonly type: string;
  /** In lower case; empty when not given. */
  readonly charset: string;
}

/** Source: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 */
export function parseMediaType(contentType = ''): MediaType {
  const text = contentType.toLowerCase();
  if (!text.includes(';')) return { type: text.trim(), charset: '' };
  const [type = '', ...parameters] = text.split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((each) => each.startsWith('charset='));
  return { type: type.trim(), charset: charset?.slice('charset='.length).replaceAll('"', '') ?? '' };
}

/** JSON in UTF-8: `application/json`, `text/json`, or any type that ends in `+json`. No type at all reads as JSON. */
export function isJson({ type, charset }: MediaType): boolean {
  const json = type === '' || type === 'application/json' || type === 'text/json' || type.endsWith('+json');
  return json && (charset === '' || charset === 'utf-8' || charset === 'us-ascii');
}
