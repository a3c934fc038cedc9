import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Message {
  readonly method?: string;
  /** Sent unchanged; nothing is added but `host`, `connection` and the length of the body. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** An answer without the headers that belong to the connection (`date`, `connection`, `content-length`, …). */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The value that it holds where it is JSON, else the text. */
  readonly body: unknown;
}

/** Sends one HTTP request over a connection of its own, which is closed after the answer. */
export async function send(url: string, { method = 'POST', headers = {}, body }: Message): Promise<Answer> {
  const { promise: response, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request(url, { method, headers, agent: false }, resolve);
  // The server may answer and close before it has read everything: its answer counts.
  outgoing.on('error', reject);
  outgoing.end(body);
  const incoming = await response;
  const written = await text(incoming);
  const { date, connection, 'content-length': length, ...kept } = incoming.headers;
  const isJson = written !== '' && /\bjson\b/.test(kept['content-type'] ?? '');
  return { status: incoming.statusCode, headers: kept, body: isJson ? JSON.parse(written) : written };
}
