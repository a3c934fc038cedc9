/**
 * The user and the password of a URL as a header field of basic authentication; none where it has neither.
 *
 * @param url Its credentials must be percent-decodable, as every URL of the configuration is.
 * Source: https://www.rfc-editor.org/rfc/rfc7617
 */
export function basicAuthentication({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` };
}

/** A URL for messages and requests: without the credentials, the query and the fragment, which may contain secrets. */
export function bareUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** A base URL for people: as {@link bareUrl}, without a slash at the end. */
export function addressOf(url: URL): string {
  return bareUrl(url).replace(/\/+$/, '');
}
