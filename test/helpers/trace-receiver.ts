import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { listenAnywhere } from './listen.ts';
import { type DecodedExport, decodeJson, decodeProtobuf } from './otlp.ts';

/** An export that the receiver was sent. */
export interface ReceivedExport extends DecodedExport {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A receiver of spans, as a collector is one: it decodes what it is sent. */
export interface TraceReceiver {
  readonly url: string;
  /** Every export, in order; it grows. */
  readonly exports: readonly ReceivedExport[];
  /** The status that it answers from now on. At first 200. */
  answer(status: number): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTraceReceiver(): Promise<TraceReceiver> {
  let status = 200;
  const exports: ReceivedExport[] = [];
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    const sent = await buffer(request);
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const decode = headers['content-type'] === 'application/json' ? decodeJson : decodeProtobuf;
    exports.push({ path, headers, ...decode(body) });
    response.writeHead(status).end();
  });
  const port = await listenAnywhere(server);
  return {
    url: `http://127.0.0.1:${port}`,
    exports,
    answer(next) {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve: close } = Promise.withResolvers<unknown>();
      server.close(close);
      server.closeAllConnections();
      await closed;
    },
  };
}
