import type { Setting } from './setting.ts';
import { httpUrl, subjectList, text, token, wholeNumber, withScheme } from './setting-forms.ts';

/** The server that takes events: where it listens, from whom it takes them, and how much at a time. */
export const serverSettings = {
  port: {
    name: 'PORT',
    summary: 'The port that the function listens on; 0 picks a free one.',
    form: 'a whole number from 0 to 65535',
    parse: wholeNumber(0, 65_535),
    fallback: '8080',
    secret: false,
  },
  host: {
    name: 'HOST',
    summary: 'The address that the function listens on; `::` for IPv6.',
    form: 'an IP address or a host name',
    parse: text,
    fallback: '0.0.0.0',
    secret: false,
  },
  authToken: {
    name: 'AUTH_TOKEN',
    summary:
      'Where set, an event is taken only with `Authorization: Bearer` and this token, or one that `OIDC_AUDIENCE` accepts.',
    form: 'visible ASCII characters',
    parse: token,
    fallback: '',
    secret: true,
  },
  oidcAudience: {
    name: 'OIDC_AUDIENCE',
    summary:
      'Where set, an event is taken only with a bearer token (a JWT, as service accounts have) for this audience, from one of `OIDC_SUBJECTS`, or with the `AUTH_TOKEN`.',
    form: 'text',
    parse: text,
    fallback: '',
    secret: false,
  },
  oidcSubjects: {
    name: 'OIDC_SUBJECTS',
    summary:
      'Whose tokens are accepted, as `system:serviceaccount:NAMESPACE:NAME`; a `*` at the end stands for anything. Required with `OIDC_AUDIENCE`.',
    form: 'a list of subjects with commas between them, with * at most at the end of each',
    parse: subjectList,
    fallback: '',
    secret: false,
  },
  oidcIssuer: {
    name: 'OIDC_ISSUER',
    summary: 'Who must have issued the tokens. Without it the issuer that the discovery document names.',
    form: 'text',
    parse: text,
    fallback: '',
    secret: false,
  },
  oidcDiscoveryUrl: {
    name: 'OIDC_DISCOVERY_URL',
    summary:
      'Where the issuer publishes `/.well-known/openid-configuration`; the default is the API server of the cluster.',
    form: 'an http or https URL without a query',
    parse: httpUrl,
    fallback: 'https://kubernetes.default.svc',
    secret: true,
    hint: withScheme,
  },
  oidcTokenFile: {
    name: 'OIDC_TOKEN_FILE',
    summary:
      "A file with the bearer token that fetches the keys, read for each fetch, and sent over https to the host of `OIDC_DISCOVERY_URL` alone. For the default URL, the Pod's service account token; for another one none.",
    form: 'a path',
    parse: text,
    fallback: '',
    secret: false,
  },
  oidcCaFile: {
    name: 'OIDC_CA_FILE',
    summary:
      "Certificates in PEM of the authorities that sign the certificate of `OIDC_DISCOVERY_URL`. For the default URL, the cluster's; for another one the public ones.",
    form: 'a path',
    parse: text,
    fallback: '',
    secret: false,
  },
  deadLettersAuthToken: {
    name: 'DEAD_LETTERS_AUTH_TOKEN',
    summary: 'As `AUTH_TOKEN`, for `restart-ledger dead-letters`, which ignores that one.',
    form: 'visible ASCII characters',
    parse: token,
    fallback: '',
    secret: true,
  },
  deadLettersOidcAudience: {
    name: 'DEAD_LETTERS_OIDC_AUDIENCE',
    summary:
      'As `OIDC_AUDIENCE`, for `restart-ledger dead-letters`, which ignores that one; all other `OIDC_` settings are its own too.',
    form: 'text',
    parse: text,
    fallback: '',
    secret: false,
  },
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    summary: 'The largest request body, in bytes.',
    form: 'a whole number from 1024 to 268435456',
    parse: wholeNumber(1024, 2 ** 28),
    fallback: '4194304',
    secret: false,
  },
  maxBytesInFlight: {
    name: 'MAX_BYTES_IN_FLIGHT',
    summary:
      'The most bytes of request bodies in memory at a time, counted by their declared length; a request beyond it is answered 503. At least `MAX_BODY_BYTES`.',
    form: 'a whole number from 1024 to 17179869184',
    parse: wholeNumber(1024, 2 ** 34),
    fallback: '67108864',
    secret: false,
  },
  maxInFlight: {
    name: 'MAX_IN_FLIGHT',
    summary:
      'The most requests with events at a time, from the end of their bodies on; one more is answered 503.',
    form: 'a whole number from 1 to 65536',
    parse: wholeNumber(1, 65_536),
    fallback: '256',
    secret: false,
  },
} satisfies Readonly<Record<string, Setting<unknown>>>;
