import { homedir } from 'node:os';
import { join } from 'node:path';
import { findProgram, pathFolders } from '../../test/helpers/find-program.ts';

/** Where build.sh puts what it builds. */
const built = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'restart-ledger', 'bin');

/** The programs that the benchmark runs, beside Node. */
const names = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubelet',
  'kube-state-metrics',
  'containerd',
  'ctr',
  'runc',
  'busybox',
  'openssl',
  'tar',
  'prometheus',
  'prometheus-pushgateway',
] as const;

export type Program = (typeof names)[number];

const folders = [built, ...pathFolders, '/usr/sbin', '/sbin'];

/** Where a program is. @throws Error when it is missing. */
export function pathOf(name: Program): string {
  const path = findProgram(name, folders);
  if (path === undefined) throw new Error(`${name} is missing: run bench/recall/build.sh`);
  return path;
}

/** Why the benchmark cannot run here, in one line; `undefined` where it can. */
export function whyNotRunnable(): string | undefined {
  if (process.platform !== 'linux') return 'bench:recall needs Linux: it runs a kubelet and real containers';
  if (process.getuid?.() !== 0) return 'bench:recall needs root: it runs a kubelet and real containers';
  const missing = names.filter((name) => findProgram(name, folders) === undefined);
  if (missing.length === 0) return undefined;
  return `bench:recall lacks ${missing.join(', ')}: run bench/recall/build.sh, which builds or installs them`;
}
