import { stringify } from 'yaml';

/** Values as YAML without the last end of line. Control characters in texts are escaped. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}
