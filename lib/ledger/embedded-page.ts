import type { OwnPage } from '../pushgateway/embedded/server.ts';
import type { TimelineEndpoint } from '../timeline/timeline-endpoint.ts';

/**
 * The timeline of what an embedded gateway stores, as the gateway's own page. Its modules are loaded when somebody looks
 * at it for the first time.
 */
export function embeddedPage(): OwnPage {
  let endpoint: Promise<TimelineEndpoint> | undefined;
  return async (request, exposition) => {
    endpoint ??= openEndpoint(exposition);
    return await (await endpoint)(request);
  };
}

async function openEndpoint(exposition: () => string): Promise<TimelineEndpoint> {
  const { createTimelineEndpoint } = await import('../timeline/timeline-endpoint.ts');
  const { pushgatewayHistory } = await import('./history/pushgateway-history.ts');
  async function* lines() {
    yield exposition().split('\n');
  }
  const history = pushgatewayHistory({ lines }, 'of this process');
  return createTimelineEndpoint({
    title: 'Container restarts',
    source: 'Embedded gateway, in the memory of this process',
    read: () => history.read({ since: undefined, until: undefined }),
    nowSeconds: () => Date.now() / 1000,
    nowMilliseconds: () => performance.now(),
  });
}
