import { type ErrorKind, LedgerError } from '../errors.ts';

/** An answer over HTTP, in the form that a Knative function may return. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Statuses as a CloudEvents broker reads them: it retries 5xx, 404, 408, 409 and 429, and hands an event with any
 * other 4xx to the dead-letter sink at once. So 5xx is for what may succeed later, and for the gateway's refusal,
 * which a changed setting can fix.
 */
const answers: Readonly<Record<ErrorKind, readonly [status: number, title: string]>> = {
  configuration: [500, 'The function is not configured'],
  usage: [500, 'Invalid usage of the command'],
  'invalid-input': [400, 'The request contains no usable event'],
  'unsupported-media-type': [415, 'The content type is not supported'],
  'too-large': [413, 'The body is too large'],
  unauthenticated: [401, 'Credentials are missing or cannot be verified'],
  forbidden: [403, 'The credentials are not accepted'],
  'keys-unavailable': [503, 'The keys that verify tokens are not available'],
  overloaded: [503, 'Too much at once'],
  'gateway-unavailable': [503, 'The Pushgateway is not available'],
  'gateway-refused': [502, 'The Pushgateway refuses the push'],
  'prometheus-unavailable': [503, 'Prometheus is not available'],
  'not-scraped': [502, 'Prometheus has not scraped the records'],
  'sink-unavailable': [503, 'The sink is not available'],
  'sink-refused': [502, 'The sink refuses the event'],
  'cluster-unavailable': [503, 'The API server is not available'],
  'cluster-unconfigured': [502, 'No API server is configured'],
  'cluster-unusable': [502, 'The kubeconfig cannot be used'],
  'cluster-forbidden': [502, 'The API server does not allow it'],
};

/** The HTTP status that a failure is answered with. */
export function statusOf(failure: unknown): number {
  return failure instanceof LedgerError ? answers[failure.kind][0] : 500;
}

/**
 * Of several failures of one piece of work the one to answer with: the one with the highest status, so that what is
 * retryable outranks what is not, since a retry repeats the whole event or batch. `undefined` when there
 * is none.
 */
export function gravest(failures: readonly unknown[]): unknown {
  const [first, ...others] = failures;
  return others.reduce((grave, failure) => (statusOf(failure) > statusOf(grave) ? failure : grave), first);
}

const retryAfterSeconds = 2;

/**
 * The kinds that are about the request alone. All others are about another server or about this one: their messages have
 * addresses, paths, and the text of that server, which may repeat our credentials. They are for the log.
 */
const aboutTheRequest: ReadonlySet<ErrorKind> = new Set([
  'invalid-input',
  'unsupported-media-type',
  'too-large',
  'unauthenticated',
  'forbidden',
  'overloaded',
]);

/**
 * What a failure is answered with: problem JSON, with what, where and what to do where the request is the cause.
 * Source: https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemAnswer(failure: unknown): HttpAnswer {
  const known = failure instanceof LedgerError ? failure : undefined;
  const [statusCode, title] = known ? answers[known.kind] : [500, 'The function failed'];
  const problem = {
    type: `urn:restart-ledger:problem:${known?.kind ?? 'internal'}`,
    title,
    status: statusCode,
    ...(known !== undefined && aboutTheRequest.has(known.kind)
      ? { detail: known.message, where: known.parts.subject, remedy: known.parts.remedy }
      : {
          detail: known ? 'the reason is in the log' : 'an unexpected error; its trace is in the log',
          remedy: statusCode === 503 ? 'send it again later' : 'read the log',
        }),
  };
  return {
    statusCode,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...(statusCode === 503 && { 'retry-after': String(retryAfterSeconds) }),
      ...(statusCode === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify(problem),
  };
}
