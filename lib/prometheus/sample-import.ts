import { Agent, type Dispatcher, request } from 'undici';
import { basicAuthentication, urlSecrets } from '../access/basic-authentication.ts';
import { redact } from '../access/redact.ts';
import { excerptOf, LedgerError, reasonOf } from '../errors.ts';
import { identifyServer, type OtherServer, type Reply } from './identify-server.ts';
import { importAddress } from './import-address.ts';
import { storeFlags } from './store-flags.ts';
import { type StoreRetention, storeRetention } from './store-retention.ts';

/**
 * Imports samples with their times into a VictoriaMetrics. Importing a sample again leaves what queries of it answer; where
 * it removes duplicates (`-dedup.minScrapeInterval`), the number of samples too.
 *
 * Source: https://docs.victoriametrics.com/victoriametrics/#how-to-import-data-in-prometheus-exposition-format
 */
export interface SampleImport {
  /** Where it imports, without credentials. */
  readonly url: string;
  /**
   * How long it keeps samples: it drops older ones without an error. `undefined` where it does not say.
   *
   * @throws LedgerError `usage` when the server is not a VictoriaMetrics, `sink-unavailable` when it is unreachable.
   */
  retention(): Promise<StoreRetention | undefined>;
  /**
   * Resolves once the server has accepted the samples, in the Prometheus text format with times in milliseconds.
   *
   * @throws LedgerError `usage` when the server is not a VictoriaMetrics; `sink-unavailable` when it is retryable,
   * `sink-refused` when it is not.
   */
  send(samples: string): Promise<void>;
  close(): Promise<void>;
}

export interface SampleImportOptions {
  /** Its base URL, or one of the others that {@link importAddress} reads. */
  readonly url: URL;
  /** For one request, from the call to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
}

export function createSampleImport({ url, timeoutMilliseconds }: SampleImportOptions): SampleImport {
  const { importUrl, baseUrl } = importAddress(url);
  const agent = new Agent();
  const authentication = basicAuthentication(url);
  const secrets = urlSecrets(url);
  /** Asked once; again after a failure. */
  let identified: Promise<StoreRetention | undefined> | undefined;

  async function exchange(
    target: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'body'>,
  ): Promise<Reply> {
    try {
      const { statusCode, headers, body } = await request(target, {
        ...options,
        headers: { ...authentication, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        dispatcher: agent,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      const serverHostname = String(headers['x-server-hostname'] ?? '');
      return { status: statusCode, text: redact(await body.text(), secrets), serverHostname };
    } catch (error) {
      const remedy = 'check its URL and that the receiver runs';
      const parts = { operation: 'importing into', subject: importUrl, fact: reasonOf(error), remedy };
      throw new LedgerError('sink-unavailable', parts, { cause: error });
    }
  }

  const get = (target: string) => exchange(target, { method: 'GET', body: null });

  /** An import of nothing is answered 204; the answers of other servers say what they are. */
  async function identify(): Promise<StoreRetention | undefined> {
    const reply = await get(importUrl);
    if (reply.status === 204) return storeRetention(storeFlags((await get(`${baseUrl}/metrics`)).text));
    if (isRetryableStatus(reply.status) || reply.status === 401 || reply.status === 403) {
      throw refusal(importUrl, reply);
    }
    throw notVictoriaMetrics(importUrl, reply, await identifyServer(baseUrl, get));
  }

  async function retention(): Promise<StoreRetention | undefined> {
    identified ??= identify();
    try {
      return await identified;
    } catch (failure) {
      identified = undefined;
      throw failure;
    }
  }

  return {
    url: importUrl,
    retention,
    async send(samples) {
      await retention();
      const reply = await exchange(importUrl, { method: 'POST', body: samples });
      if (reply.status >= 200 && reply.status <= 299) return;
      throw refusal(importUrl, reply);
    },
    close: () => agent.close(),
  };
}

function isRetryableStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

function refusal(subject: string, { status, text }: Reply): LedgerError {
  const kind = isRetryableStatus(status) ? 'sink-unavailable' : 'sink-refused';
  const remedy =
    status === 401 || status === 403
      ? 'put a user and a password that it accepts into the URL'
      : 'read its reason, and import again';
  return new LedgerError(
    kind,
    { operation: 'importing into', subject, fact: `it answered ${status}${reasonIn(text)}`, remedy },
    { status },
  );
}

const remedies: Readonly<Record<OtherServer, string>> = {
  'a Pushgateway': 'it takes no times: record there by --pushgateway URL',
  'a Prometheus':
    'it imports no samples while it runs: write a file by --openmetrics FILE for promtool tsdb create-blocks-from openmetrics',
  'another path of VictoriaMetrics':
    'give its base URL; of the cluster version that of vminsert with the tenant, as http://vminsert:8480/insert/0/prometheus',
  unknown:
    'give the base URL of a VictoriaMetrics; of its cluster version that of vminsert with the tenant, as http://vminsert:8480/insert/0/prometheus',
};

function notVictoriaMetrics(subject: string, { status, text }: Reply, other: OtherServer): LedgerError {
  const fact =
    other === 'unknown'
      ? `it is no VictoriaMetrics: it answered ${status}${reasonIn(text)}`
      : `it is ${other}, which answered ${status}`;
  return new LedgerError('usage', { operation: 'importing into', subject, fact, remedy: remedies[other] });
}

function reasonIn(text: string): string {
  const reason = excerptOf(text);
  return reason === '' ? '' : ` (${reason})`;
}
