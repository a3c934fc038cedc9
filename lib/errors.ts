/**
 * What went wrong, in the words a caller can act on. The kind decides what is answered over HTTP
 * ({@link file://./http/problem.ts}) and which exit code the command line ends with.
 */
export type ErrorKind =
  /** A setting is missing or cannot be used. The process does not start. */
  | 'configuration'
  /** The command line was called in a way it cannot be. */
  | 'usage'
  /** Bytes that are no CloudEvent, no JSON, or no Pod. The same bytes will never be accepted. */
  | 'invalid-input'
  /** A content type or content encoding that is none of ours. */
  | 'unsupported-media-type'
  /** A body beyond `MAX_BODY_BYTES`. */
  | 'too-large'
  /** No credentials where `AUTH_TOKEN` asks for them. */
  | 'unauthenticated'
  /** Credentials, but not the right ones. */
  | 'forbidden'
  /** More work in flight than `MAX_IN_FLIGHT`, or the process is about to stop. */
  | 'overloaded'
  /** The Pushgateway cannot be reached, answers too late, or answers that it cannot do it now. */
  | 'gateway-unavailable'
  /** The Pushgateway does not take this push, and would not take it a second time. */
  | 'gateway-refused'
  /** The API server of Kubernetes cannot be reached, answers too late, or answers that it cannot do it now. */
  | 'cluster-unavailable'
  /** The API server knows who asks, or does not, and says no: a permission is missing. */
  | 'cluster-forbidden';

/** The four parts of every message: what was being done, to what, what is the case, what to do about it. */
export interface ErrorParts {
  readonly operation: string;
  readonly subject: string;
  readonly fact: string;
  readonly remedy: string;
}

/**
 * The one error class of the product.
 *
 * `message` reads `operation subject: fact; remedy`. The parts stand on the error too, so that a problem
 * document can give them one by one. A message never holds a secret: whoever makes the error leaves it out.
 */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly kind: ErrorKind;
  readonly parts: ErrorParts;

  constructor(kind: ErrorKind, parts: ErrorParts, options?: ErrorOptions) {
    super(`${parts.operation} ${parts.subject}: ${parts.fact}; ${parts.remedy}`, options);
    this.kind = kind;
    this.parts = parts;
  }
}

/** What is worth another try outranks what is not: a retry brings the rest of an event or a batch up again. */
const byGravity: readonly ErrorKind[] = [
  'gateway-unavailable',
  'cluster-unavailable',
  'overloaded',
  'gateway-refused',
  'cluster-forbidden',
];

/** Of several failures of one piece of work the one to answer with; `undefined` when there is none. */
export function gravest(failures: readonly unknown[]): unknown {
  for (const kind of byGravity) {
    const match = failures.find((failure) => failure instanceof LedgerError && failure.kind === kind);
    if (match !== undefined) return match;
  }
  return failures[0];
}

/** The text of anything that was thrown, for a sentence that goes on after it. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
