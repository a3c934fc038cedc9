import { allSettings } from '../../../lib/config/settings.ts';
import { readConfig } from '../../../lib/config.ts';
import { createSelection } from '../../../lib/ledger/replay/selection.ts';
import { localZone } from '../../../lib/local-zone.ts';
import { type Door, refusal } from '../door.ts';

/** A line `NAME=value` for each setting that has a value worth mutating. */
const examples: Readonly<Record<string, string>> = {
  PUSHGATEWAY_URL: 'https://user:pass%40word@pushgateway:9091/base',
  GROUPING_LABELS: 'cluster=eu-1,env=prod',
  METRICS: 'default,pod_monitor_container_restart_info',
  NAMESPACES: 'shop,data',
  POD_SELECTOR: 'app in (a, b),tier!=x,!legacy',
  K_CE_OVERRIDES: '{"extensions": {"team": "a"}}',
  EMBEDDED_GATEWAY_ADDRESS: '[::1]:9091',
  RETENTION: '7d',
  OIDC_AUDIENCE: 'restart-ledger',
  OIDC_SUBJECTS: 'system:serviceaccount:shop:a,system:serviceaccount:ops:*',
};

const lines = allSettings.map(({ name, fallback }) => `${name}=${examples[name] ?? fallback}`);

/** The environment: settings that can be used, or errors that name those that cannot. */
export const settingsDoor: Door = {
  name: 'settings',
  share: 5,
  corpus: [Buffer.from(lines.join('\n')), ...lines.map((line) => Buffer.from(line))],
  take(input) {
    const pairs = input
      .toString('utf8')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    try {
      readConfig(Object.fromEntries(pairs));
      return 'accepted';
    } catch (error) {
      return refusal(error, 'configuration');
    }
  },
};

/** The options of a selection, a line each. */
export const selectionDoor: Door = {
  name: 'times and selectors',
  share: 5,
  corpus: [
    ...[
      'app=checkout\n2025-11-19 08:00\n1.5h',
      'a in (b,c),d notin (e)\nyesterday\n22:00',
      '!a,b!=c\n7d\n2025-11-19',
    ],
    ...['a==b\n2025-11-19T08:00:00.5+02:00\nnow', '\n06:00\n2026-02-30'],
  ].map((text) => Buffer.from(text)),
  take(input) {
    const [selector = '', since = '', until = ''] = input.toString('utf8').split('\n');
    try {
      createSelection({ selector, since, until }, { nowSeconds: 1_763_632_900, zone: localZone });
      return 'accepted';
    } catch (error) {
      return refusal(error, 'usage');
    }
  },
};
