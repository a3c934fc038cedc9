import type { Flag } from '../config.ts';

/** Options that commands share; each overrides a setting. */
export interface Overrides {
  readonly pushgateway?: string;
  readonly prometheus?: string;
  readonly sink?: string;
  readonly to?: string;
}

const variables: Readonly<Record<keyof Overrides, string>> = {
  pushgateway: 'PUSHGATEWAY_URL',
  prometheus: 'PROMETHEUS_URL',
  sink: 'K_SINK',
  to: 'K_SINK',
};

/** The given options as `readConfig` takes them: they override the environment. */
export function flagsOf(overrides: Overrides): readonly Flag[] {
  const names = ['pushgateway', 'prometheus', 'sink', 'to'] as const;
  return names.map((name) => ({
    name: `--${name}`,
    variable: variables[name],
    value: overrides[name],
  }));
}
