import { choiceSyntax, chooseFamilies } from '../metrics/family-choice.ts';
import { takenLabels } from '../metrics/grouping-key.ts';
import type { Setting } from './setting.ts';
import { httpUrl, labels, text, timeLimit, wholeNumber, withScheme } from './setting-forms.ts';

/** Where records are pushed, and what they consist of. */
export const recordSettings = {
  pushgatewayUrl: {
    name: 'PUSHGATEWAY_URL',
    summary:
      'Base URL of the Pushgateway, with a path where it has one; may contain `user:password@`. Without it an embedded gateway stores the records in memory. Inside a cluster it must be set.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  pushgatewayTimeout: {
    name: 'PUSHGATEWAY_TIMEOUT',
    summary:
      'Time limit of one push, the wait for a free connection included. While the records are read, which a Pushgateway with many of them answers late, each wait may take two minutes, or this where it is longer.',
    form: 'a time such as 500ms, 5s or 1m, above 0 and at most 10m',
    parse: timeLimit,
    fallback: '5s',
    secret: false,
  },
  pushgatewayConnections: {
    name: 'PUSHGATEWAY_CONNECTIONS',
    summary: 'The most connections to the Pushgateway, and so the most pushes at a time.',
    form: 'a whole number from 1 to 1024',
    parse: wholeNumber(1, 1024),
    fallback: '32',
    secret: false,
  },
  job: {
    name: 'JOB',
    summary: 'The `job` label of every record.',
    form: 'text',
    parse: text,
    fallback: 'pod_monitor',
    secret: false,
  },
  groupingLabels: {
    name: 'GROUPING_LABELS',
    summary: 'Constant labels of every record, as `cluster=eu-1,env=prod`.',
    form: `a list of name=value with commas between them, each name once and none of ${[...takenLabels].join(', ')}`,
    parse: labels,
    fallback: '',
    secret: false,
  },
  metrics: {
    name: 'METRICS',
    summary: `The metric families to push: ${choiceSyntax}.`,
    form: choiceSyntax,
    parse: chooseFamilies,
    fallback: 'default',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;
