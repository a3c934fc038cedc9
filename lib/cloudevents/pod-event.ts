import { CloudEvent } from 'cloudevents';
import type { PodObservation } from '../restarts/pod-observation.ts';
import { restartId } from '../restarts/restart.ts';

/**
 * A CloudEvent of the form that Knative's API server source sends in mode Resource. Its ID is a function of the restarts
 * that it shows, so that a consumer can deduplicate it.
 *
 * Source: https://knative.dev/docs/eventing/sources/apiserversource/reference/
 *
 * @param extensions Further attributes, by name.
 */
export function podEvent(
  { pod, object, restarts }: PodObservation,
  source: string,
  extensions: Readonly<Record<string, string>> = {},
): CloudEvent<object> {
  const { namespace, name, uid } = pod;
  const shown = restarts.map((restart) => {
    const suffix = restart.restartedAt === undefined ? '' : '.running';
    return `${restart.container}.${restartId(restart)}${suffix}`;
  });
  return new CloudEvent({
    ...extensions,
    id: [uid, ...shown].join('.'),
    source,
    type: 'dev.knative.apiserver.resource.update',
    subject: `/apis/v1/namespaces/${namespace}/pods/${name}`,
    datacontenttype: 'application/json',
    apiversion: 'v1',
    kind: 'Pod',
    name,
    namespace,
    data: { apiVersion: 'v1', kind: 'Pod', ...object },
  });
}
