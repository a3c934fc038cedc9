/**
 * What went wrong, by what a caller can do about it. The kind decides what is answered over HTTP
 * ({@link file://./http/problem.ts}) and which exit code the command line ends with.
 */
export type ErrorKind =
  /** A setting is missing or cannot be used. The process does not start. */
  | 'configuration'
  /** Invalid usage of the command line: an option or an argument cannot be used. */
  | 'usage'
  /** Bytes that are not a CloudEvent, not JSON, or not a Pod. The same bytes will never be accepted. */
  | 'invalid-input'
  /** A content type or content encoding that is not supported. */
  | 'unsupported-media-type'
  /** A body beyond `MAX_BODY_BYTES`, or a batch of too many events. */
  | 'too-large'
  /** No credentials where `AUTH_TOKEN` or `OIDC_AUDIENCE` ask for them, or a token that cannot be verified. */
  | 'unauthenticated'
  /** Credentials of somebody who may not send events. */
  | 'forbidden'
  /** The keys that verify tokens cannot be fetched: nothing is known about the token. */
  | 'keys-unavailable'
  /** More work in flight than `MAX_IN_FLIGHT` or `MAX_BYTES_IN_FLIGHT`, or the process is stopping. */
  | 'overloaded'
  /** The Pushgateway is unreachable, timed out, or answered that it cannot do it now. */
  | 'gateway-unavailable'
  /** The Pushgateway does not accept this push, and would not accept it a second time. */
  | 'gateway-refused'
  /** Prometheus is unreachable, timed out, or did not answer the query. */
  | 'prometheus-unavailable'
  /** Prometheus has not scraped the records: deleting them would delete the only copy. */
  | 'not-scraped'
  /** The receiver of CloudEvents (a broker, a function) or of samples is unreachable, timed out, or asks for a retry. */
  | 'sink-unavailable'
  /** The receiver of CloudEvents or of samples does not accept these, and would not accept them a second time. */
  | 'sink-refused'
  /** The API server of Kubernetes is unreachable, timed out, or answered that it cannot do it now. */
  | 'cluster-unavailable'
  /** There is neither a kubeconfig nor a service account. */
  | 'cluster-unconfigured'
  /** The kubeconfig leads to no API server, or to no credentials for it. */
  | 'cluster-unusable'
  /** The API server does not allow the request: credentials or a permission are missing. */
  | 'cluster-forbidden';

/** The four parts of every message: what was being done, to what, what is the case, what to do about it. */
export interface ErrorParts {
  readonly operation: string;
  readonly subject: string;
  readonly fact: string;
  readonly remedy: string;
}

export interface LedgerErrorOptions extends ErrorOptions {
  /** The HTTP status that the other side answered with. */
  readonly status?: number | undefined;
  /** How long the other side asks to wait before a retry (`Retry-After`). */
  readonly retryAfterMilliseconds?: number | undefined;
}

/**
 * The one error class of the product.
 *
 * `message` reads `operation subject: fact; remedy`. The parts are properties too, so that a problem
 * document can give them one by one. A message never contains a secret: the code that creates the error leaves it out.
 */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly kind: ErrorKind;
  readonly parts: ErrorParts;
  /** `undefined` where the failure is not an answer of the other side. */
  readonly status: number | undefined;
  /** `undefined` where the other side does not say. */
  readonly retryAfterMilliseconds: number | undefined;

  constructor(kind: ErrorKind, parts: ErrorParts, options?: LedgerErrorOptions) {
    super(`${parts.operation} ${parts.subject}: ${parts.fact}; ${parts.remedy}`, options);
    this.kind = kind;
    this.parts = parts;
    this.status = options?.status;
    this.retryAfterMilliseconds = options?.retryAfterMilliseconds;
  }
}

const retryableKinds: ReadonlySet<ErrorKind> = new Set([
  'gateway-unavailable',
  'prometheus-unavailable',
  'sink-unavailable',
  'cluster-unavailable',
  'keys-unavailable',
  'overloaded',
]);

/** Whether the same work may succeed later. */
export function isRetryable(failure: unknown): failure is LedgerError {
  return failure instanceof LedgerError && retryableKinds.has(failure.kind);
}

/** The text of anything that was thrown, as a part of a message. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The start of what another side answered, as a part of a message: on one line. */
export function excerptOf(answer: string, mostCharacters = 500): string {
  return answer.slice(0, mostCharacters).trim().replaceAll(/\s+/g, ' ');
}
