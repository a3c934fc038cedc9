import { type AccessField, accessVariable, type Server, urlSetting } from '../config/access-settings.ts';

/** What is the case, and what to do about it. */
export interface Explanation {
  readonly fact: string;
  readonly remedy: string;
}

/**
 * What an error of TLS means; `undefined` for any other error.
 *
 * Source of the codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes, and for alerts OpenSSL's reasons.
 */
export function tlsFailure(error: unknown, { url, access: settings }: Server): Explanation | undefined {
  const { code, reason } = codesOf(error);
  const variable = (field: AccessField) => accessVariable(settings, field);
  if (unknownAuthority.has(code)) {
    return {
      fact: `its certificate is signed by an unknown authority (${reason})`,
      remedy: `put the certificate of the authority that signed it into ${variable('caFile')}`,
    };
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return { fact: 'its certificate has expired', remedy: 'renew the certificate of the server' };
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return { fact: 'its certificate is not yet valid', remedy: 'check the clocks of both machines' };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      fact: `its certificate is for another name (${reason})`,
      remedy: `set ${urlSetting(settings)}, or ${variable('serverName')}, to a name in the certificate`,
    };
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return { fact: 'it does not speak TLS', remedy: `set ${urlSetting(settings)} to its http URL` };
  }
  const [alert] = /\balert [a-z ]+(?=:)/.exec(reason) ?? [];
  if (alert === undefined && !(url.protocol === 'https:' && isBrokenConnection(error))) return undefined;
  return {
    fact: `it ended the TLS connection${alert === undefined ? '' : ` (${alert})`}`,
    remedy:
      settings.certFile === undefined
        ? `check that it runs; if it requires a client certificate, set ${variable('certFile')} and ${variable('keyFile')}`
        : `check that it runs, and that it accepts the client certificate in ${variable('certFile')}`,
  };
}

const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

const brokenConnection: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * Whether the other side has closed the connection. With TLS 1.3 a server refuses a client's certificate after the client
 * has begun to send, so whether its alert or the end of the connection is seen first is chance.
 */
export function isBrokenConnection(error: unknown): boolean {
  return brokenConnection.has(codesOf(error).code);
}

function codesOf(error: unknown): { readonly code: string; readonly reason: string } {
  if (!(error instanceof Error) || !('code' in error)) return { code: '', reason: '' };
  return { code: String(error.code), reason: error.message };
}

/** What to do about a 401 or a 403. */
export function credentialsRemedy({ url, access }: Server): string {
  const variable = (field: AccessField) => accessVariable(access, field);
  if (access.username !== undefined) {
    return `put the password of ${variable('username')} into ${variable('passwordFile')}`;
  }
  if (access.credentialsFile !== undefined)
    return `put a token that it accepts into ${variable('credentialsFile')}`;
  if (url.username !== '' || url.password !== '') {
    return `put a user and a password that it accepts into ${urlSetting(access)}`;
  }
  return `set ${variable('username')} and ${variable('passwordFile')}, or ${variable('credentialsFile')}, to credentials that it accepts`;
}
