/** A URL for messages and requests: without the credentials, the query and the fragment, which may contain secrets. */
export function bareUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** A base URL for people: as {@link bareUrl}, without a slash at the end. */
export function addressOf(url: URL): string {
  return bareUrl(url).replace(/\/+$/, '');
}
