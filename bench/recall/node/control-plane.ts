import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../processes.ts';
import { pathOf } from '../programs.ts';
import type { Certificates } from './certificates.ts';
import { restartRulesGate } from './kubelet.ts';

export interface EtcdPorts {
  readonly client: number;
  readonly peer: number;
}

export function etcdCommand(folder: string, { client, peer }: EtcdPorts): Command {
  const [clients, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return {
    program: pathOf('etcd'),
    parameters: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  };
}

/** Logs every Pod in a response in full: what the API has shown. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'RequestResponse',
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      resources: [{ group: '', resources: ['pods', 'pods/status', 'pods/eviction'] }],
    },
    { level: 'None' },
  ],
};

export interface ApiServerSettings {
  readonly folder: string;
  readonly port: number;
  readonly etcd: EtcdPorts;
  readonly certificates: Certificates;
  readonly auditLog: string;
}

export function apiServerCommand(settings: ApiServerSettings): Command {
  const { folder, port, etcd, certificates, auditLog } = settings;
  const policy = join(folder, 'audit-policy.json');
  writeFileSync(policy, JSON.stringify(auditPolicy));
  return {
    program: pathOf('kube-apiserver'),
    parameters: [
      `--etcd-servers=http://127.0.0.1:${etcd.client}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      // Nothing connects to the Service of the API server: no endpoint is kept for it, and the address is never used.
      '--advertise-address=192.0.2.1',
      '--endpoint-reconciler-type=none',
      '--service-cluster-ip-range=10.96.0.0/16',
      `--tls-cert-file=${certificates.path('apiserver.crt')}`,
      `--tls-private-key-file=${certificates.path('apiserver.key')}`,
      `--client-ca-file=${certificates.path('ca.crt')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${certificates.path('service-accounts.pub')}`,
      `--service-account-signing-key-file=${certificates.path('service-accounts.key')}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--feature-gates=${restartRulesGate}=true`,
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${auditLog}`,
      '--audit-log-mode=blocking',
    ],
  };
}

export function controllerManagerCommand(
  kubeconfig: string,
  port: number,
  certificates: Certificates,
): Command {
  return {
    program: pathOf('kube-controller-manager'),
    parameters: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--service-account-private-key-file=${certificates.path('service-accounts.key')}`,
      `--root-ca-file=${certificates.path('ca.crt')}`,
      '--use-service-account-credentials=true',
      '--leader-elect=false',
    ],
  };
}
