import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of a certificate and its private key, in PEM. */
export interface CertifiedKey {
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  /** As openssl names them: `IP:127.0.0.1`, `DNS:pushgateway.example`. */
  readonly names?: readonly string[];
  /** Its last day was yesterday. */
  readonly expired?: boolean;
}

/** A certificate authority of a test, made by openssl. */
export interface Authority {
  /** The path of its certificate. */
  readonly cert: string;
  issue(subject: string, options?: IssueOptions): CertifiedKey;
}

/** @param folder Where the files are written. */
export function createAuthority(folder: string, subject: string): Authority {
  const authority = filesIn(folder);
  openssl(
    'req',
    '-x509',
    ...newKey(authority.key),
    '-out',
    authority.cert,
    '-days',
    '2',
    '-subj',
    `/CN=${subject}`,
  );
  return {
    cert: authority.cert,
    issue(name, { names = ['IP:127.0.0.1'], expired = false } = {}) {
      const issued = filesIn(folder);
      const request = `${issued.cert}.csr`;
      const extension = `subjectAltName=${names.join(',')}`;
      openssl(
        'req',
        '-new',
        ...newKey(issued.key),
        '-out',
        request,
        '-subj',
        `/CN=${name}`,
        '-addext',
        extension,
      );
      const signed = [
        '-CA',
        authority.cert,
        '-CAkey',
        authority.key,
        '-CAcreateserial',
        '-copy_extensions',
        'copy',
      ];
      const days = expired ? '-1' : '2';
      openssl('x509', '-req', '-in', request, ...signed, '-days', days, '-out', issued.cert);
      return issued;
    },
  };
}

function filesIn(folder: string): CertifiedKey {
  const own = mkdtempSync(join(folder, 'certificate-'));
  return { cert: join(own, 'tls.crt'), key: join(own, 'tls.key') };
}

function newKey(path: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path];
}

function openssl(...parameters: readonly string[]): void {
  execFileSync('openssl', parameters, { stdio: 'pipe' });
}
