import type { Setting } from './setting.ts';
import { httpUrl, span, wholeNumber, withScheme } from './setting-forms.ts';

/** How much is kept in the Pushgateway, and who is asked before something is deleted. */
export const retentionSettings = {
  retention: {
    name: 'RETENTION',
    summary:
      'How long a record is kept in the Pushgateway after its restart. A sweep deletes what is older, and what is older is not pushed. 0 keeps everything.',
    form: 'a time such as 12h or 7d, or 0',
    parse: span,
    fallback: '7d',
    secret: false,
  },
  maxPerContainer: {
    name: 'MAX_PER_CONTAINER',
    summary: 'The most records of one container that a sweep leaves, the newest ones.',
    form: 'a whole number from 1 to 1000000',
    parse: wholeNumber(1, 1_000_000),
    fallback: '100',
    secret: false,
  },
  maxRecords: {
    name: 'MAX_RECORDS',
    summary:
      'The most records of all containers that a sweep leaves, the newest ones. A Pushgateway needs about 15 kB of memory for one, and up to twice that while it is scraped.',
    form: 'a whole number from 1 to 10000000',
    parse: wholeNumber(1, 10_000_000),
    fallback: '50000',
    secret: false,
  },
  prometheusUrl: {
    name: 'PROMETHEUS_URL',
    summary:
      'Base URL of the Prometheus that scrapes the Pushgateway. Where set, a sweep asks it first, and deletes nothing that is not scraped.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;
