import type { Setting } from './setting.ts';
import { anyHttpUrl, eventExtensions, text, withScheme } from './setting-forms.ts';

/** Where CloudEvents are sent, and with what. */
export const sinkSettings = {
  sink: {
    name: 'K_SINK',
    summary:
      'Where `restart-ledger watch` sends CloudEvents; Knative sets it. Without it, it records by itself.',
    form: 'an http or https URL',
    parse: anyHttpUrl,
    fallback: '',
    secret: true,
    hint: withScheme,
  },
  eventOverrides: {
    name: 'K_CE_OVERRIDES',
    summary: 'Further attributes of the CloudEvents that are sent, as Knative sets them.',
    form: 'JSON such as {"extensions":{"team":"a"}}, with names of lower-case letters and digits',
    parse: eventExtensions,
    fallback: '',
    secret: false,
  },
  sinkAuthorities: {
    name: 'K_CA_CERTS',
    summary: 'Certificates in PEM of further authorities that may sign the certificate of the sink.',
    form: 'certificates in PEM',
    parse: text,
    fallback: '',
    secret: false,
  },
  sinkTokenFile: {
    name: 'SINK_TOKEN_FILE',
    summary:
      'A file with the bearer token that `watch` and `replay --to` send with each event, in place of the credentials of the URL: a projected service account token, or a static one. It is read again when it changes.',
    form: 'a path',
    parse: text,
    fallback: '',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;
