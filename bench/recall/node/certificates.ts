import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from '../programs.ts';

/** The name of the one node. */
export const nodeName = 'bench';

/** A client of the API server: by certificate, or by the token of a service account. */
export type Credentials = { readonly certificate: string } | { readonly token: string };

/** The certificates of a cluster, in a folder. */
export interface Certificates {
  /** The path of a file of the folder, such as `ca.crt` or `apiserver.key`. */
  path(file: string): string;
  read(file: string): string;
  /** Writes a kubeconfig and gives its path. */
  kubeconfig(name: string, server: string, credentials: Credentials): string;
}

/** Names, and what each certificate is for. https://kubernetes.io/docs/setup/best-practices/certificates/ */
const issued = [
  ['apiserver', '/CN=kube-apiserver', 'DNS:localhost,IP:127.0.0.1', 'serverAuth'],
  ['admin', '/O=system:masters/CN=admin', 'DNS:admin', 'clientAuth'],
  ['node', `/O=system:nodes/CN=system:node:${nodeName}`, `DNS:${nodeName}`, 'clientAuth'],
  ['controller-manager', '/CN=system:kube-controller-manager', 'DNS:controller-manager', 'clientAuth'],
] as const;

export function createCertificates(folder: string): Certificates {
  const path = (file: string) => join(folder, file);
  const read = (file: string) => readFileSync(path(file), 'utf8');
  const openssl = (...parameters: string[]) =>
    execFileSync(pathOf('openssl'), parameters, { cwd: folder, stdio: 'ignore' });

  openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=bench-ca'],
    ...['-keyout', 'ca.key', '-out', 'ca.crt'],
  );
  for (const [name, subject, alternatives, usage] of issued) {
    writeFileSync(path(`${name}.ext`), `subjectAltName=${alternatives}\nextendedKeyUsage=${usage}\n`);
    openssl(
      ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', subject],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`],
    );
    openssl(
      ...['x509', '-req', '-days', '1', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key'],
      ...['-CAcreateserial', '-extfile', `${name}.ext`, '-out', `${name}.crt`],
    );
  }
  openssl('genrsa', '-out', 'service-accounts.key', '2048');
  openssl('rsa', '-in', 'service-accounts.key', '-pubout', '-out', 'service-accounts.pub');

  return {
    path,
    read,
    kubeconfig(name, server, credentials) {
      const user =
        'token' in credentials
          ? { token: credentials.token }
          : {
              'client-certificate': path(`${credentials.certificate}.crt`),
              'client-key': path(`${credentials.certificate}.key`),
            };
      const configuration = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'bench', cluster: { server, 'certificate-authority': path('ca.crt') } }],
        users: [{ name, user }],
        contexts: [{ name: 'bench', context: { cluster: 'bench', user: name } }],
        'current-context': 'bench',
      };
      writeFileSync(path(`${name}.kubeconfig`), JSON.stringify(configuration));
      return path(`${name}.kubeconfig`);
    },
  };
}
