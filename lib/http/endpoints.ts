import type { ExposedMetrics } from '../observability/metrics.ts';
import type { HttpAnswer } from './problem.ts';

export interface EndpointDependencies {
  readonly metrics: ExposedMetrics;
  readonly isReady: () => boolean;
}

/** What a server answers beside events: probes, metrics, and 405 to everything else. */
export async function endpointAnswer(
  method: string,
  url: string,
  { metrics, isReady }: EndpointDependencies,
): Promise<HttpAnswer> {
  const [path] = url.split('?', 1);
  if (method === 'GET' || method === 'HEAD') {
    switch (path) {
      case '/health/liveness':
        return plain(200, 'OK');
      case '/health/readiness':
        return isReady() ? plain(200, 'OK') : plain(503, 'not ready');
      case '/metrics':
        return {
          statusCode: 200,
          headers: { 'content-type': metrics.contentType },
          body: await metrics.exposition(),
        };
    }
  }
  return notAllowed(method);
}

function plain(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function notAllowed(method: string): HttpAnswer {
  const detail = `${method} is not supported here; send CloudEvents by POST, or GET /metrics or /health/readiness`;
  return {
    statusCode: 405,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', allow: 'POST' },
    body: JSON.stringify({ type: 'about:blank', title: 'Method Not Allowed', status: 405, detail }),
  };
}
