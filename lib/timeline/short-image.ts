/**
 * An image as a table has room for it: without its registry, and its digest cut to 12 characters as `docker` shows it.
 *
 * The first part names a registry if it has a dot or a port, or is `localhost`:
 * https://github.com/distribution/reference/blob/main/normalize.go
 */
export function shortImage(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return (isRegistry ? rest.join('/') : image).replace(/@(sha256:\w{12})\w+$/, '@$1');
}
