import { oldestNode, version } from './manifest.ts';

/**
 * Whether the Node.js that runs this is new enough. Where it is not, one line on standard error says so and the exit code
 * becomes 1; otherwise the first message would be about a missing export of some module.
 *
 * It is called before anything else is loaded, so this module uses nothing that Node.js 18 lacks.
 */
export function requireSupportedNode(): boolean {
  const present = process.versions.node;
  if (isSupported(present)) return true;
  process.stderr.write(
    `restart-ledger ${version} needs Node.js ${oldestNode} or newer, this is ${present}; install a newer one from https://nodejs.org\n`,
  );
  process.exitCode = 1;
  return false;
}

/** Whether a version of Node.js, as `24.1.0`, is new enough. */
export function isSupported(present: string): boolean {
  const [major = 0, minor = 0] = present.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
