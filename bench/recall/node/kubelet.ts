import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../processes.ts';
import { pathOf } from '../programs.ts';
import { nodeName } from './certificates.ts';

export interface KubeletSettings {
  readonly folder: string;
  readonly ports: { readonly server: number; readonly health: number };
  readonly kubeconfig: string;
  readonly authorities: string;
  readonly containerd: string;
  /** Below the root of each hierarchy. */
  readonly cgroup: string;
  /** The longest back-off in seconds; Kubernetes' own, 300, when left out. */
  readonly longestBackOff?: number;
}

/** The feature gates that the scenarios need, for the API server too. */
export const restartRulesGate = 'ContainerRestartRules';

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletCommand(settings: KubeletSettings): Command {
  const { folder, ports, kubeconfig, authorities, containerd, cgroup, longestBackOff } = settings;
  const configuration = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: ports.server,
    healthzPort: ports.health,
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: authorities },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${containerd}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    maxPods: 250,
    // The machine's disk may be full: only the Pods that a scenario evicts must be evicted.
    evictionHard: {
      'memory.available': '1Mi',
      'nodefs.available': '0%',
      'imagefs.available': '0%',
      'nodefs.inodesFree': '0%',
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    podLogsDir: join(folder, 'pod-logs'),
    volumePluginDir: join(folder, 'volume-plugins'),
    featureGates: {
      [restartRulesGate]: true,
      ...(longestBackOff !== undefined && { KubeletCrashLoopBackOffMax: true }),
    },
    ...(longestBackOff !== undefined && {
      crashLoopBackOff: { maxContainerRestartPeriod: `${longestBackOff}s` },
    }),
  };
  const file = join(folder, 'kubelet.json');
  writeFileSync(file, JSON.stringify(configuration));
  return {
    program: pathOf('kubelet'),
    parameters: [
      `--config=${file}`,
      `--kubeconfig=${kubeconfig}`,
      `--hostname-override=${nodeName}`,
      `--root-dir=${join(folder, 'kubelet')}`,
      `--cert-dir=${join(folder, 'kubelet-certificates')}`,
    ],
  };
}
