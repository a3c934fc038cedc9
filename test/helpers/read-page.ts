import { createPageReader, type ListPage } from '../../lib/kubernetes/api/read-page.ts';

/** A page that has been received as a whole. */
export function readPage(page: Buffer): ListPage {
  const reader = createPageReader();
  reader.write(page);
  return reader.end();
}
