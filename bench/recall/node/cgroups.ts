import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where cgroup hierarchies are mounted: many of version 1, one of version 2, or both. */
function hierarchies(): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, place = '']) => place);
}

/**
 * Makes a cgroup of its own for the node's Pods: a kubelet kills unknown processes below its root, and another one
 * may run on this machine.
 */
export function makeCgroup(name: string): void {
  for (const place of hierarchies()) {
    const controllers = join(place, 'cgroup.controllers');
    if (existsSync(controllers) && place === '/sys/fs/cgroup') {
      const enabled = readFileSync(controllers, 'utf8').trim().split(' ').filter(Boolean);
      writeFileSync(join(place, 'cgroup.subtree_control'), enabled.map((each) => `+${each}`).join(' '));
    }
    mkdirSync(join(place, name), { recursive: true });
    // A new cpuset of version 1 has no processors and memory, and does not accept processes.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (existsSync(join(place, name, file)) && existsSync(join(place, 'tasks')))
        writeFileSync(join(place, name, file), readFileSync(join(place, file)));
    }
  }
}

/** Removes it with all that is below it; what still holds a process stays. */
export function removeCgroup(name: string): void {
  for (const place of hierarchies()) removeTree(join(place, name));
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch (error) {
    process.stderr.write(`the cgroup ${folder} is left: ${error}\n`);
  }
}
