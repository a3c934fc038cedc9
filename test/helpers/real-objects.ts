import type { ApiReply, RealApiServer } from './real-api-server.ts';
import { listAt, textAt, valueAt } from './value-at.ts';

/** The API path of the objects of a manifest's kind, by the API server's discovery. */
async function collectionOf(server: RealApiServer, manifest: unknown): Promise<string> {
  const version = textAt(manifest, 'apiVersion');
  const kind = textAt(manifest, 'kind');
  const group = `${version.includes('/') ? '/apis' : '/api'}/${version}`;
  const resources = listAt(await server.must('GET', group), 'resources');
  const resource = resources.find(
    (each) => valueAt(each, 'kind') === kind && !textAt(each, 'name').includes('/'),
  );
  if (resource === undefined) throw new Error(`the API server knows no ${version} ${kind}`);
  const namespace =
    valueAt(resource, 'namespaced') === true ? `/namespaces/${textAt(manifest, 'metadata.namespace')}` : '';
  return `${group}${namespace}/${textAt(resource, 'name')}`;
}

/** Creates the object with strict validation; `dryRun` stores nothing. */
export async function createObject(
  server: RealApiServer,
  manifest: unknown,
  { dryRun = false } = {},
): Promise<ApiReply> {
  const collection = await collectionOf(server, manifest);
  return await server.ask(
    'POST',
    `${collection}?fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`,
    manifest,
  );
}

/** Creates the objects in their order. Throws where one is refused. */
export async function createObjects(server: RealApiServer, manifests: readonly unknown[]): Promise<void> {
  for (const manifest of manifests) {
    const { status, body } = await createObject(server, manifest);
    if (status !== 201)
      throw new Error(`creating ${textAt(manifest, 'metadata.name')}: ${JSON.stringify(body)}`);
  }
}
