/** How bearer tokens are verified, and whose are accepted. */
export interface OidcSettings {
  readonly audience: string;
  /** `undefined` for the one that the discovery document names. */
  readonly issuer: string | undefined;
  /** A `*` at the end of one stands for anything. */
  readonly subjects: readonly string[];
  readonly discoveryUrl: URL;
  /** The file with the token that fetches the keys. */
  readonly tokenFile: string | undefined;
  /** The file with the certificate authorities of the discovery URL, in PEM; `undefined` for the public ones. */
  readonly authoritiesFile: string | undefined;
}

interface GivenSettings extends Omit<OidcSettings, 'audience' | 'subjects'> {
  readonly audience: string | undefined;
  readonly deadLettersAudience: string | undefined;
  readonly subjects: readonly string[] | undefined;
}

/** Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The settings of both servers, and what contradicts itself in them. The token of the Pod's service account is for the API
 * server: it is the default for its name in every cluster, and for no other URL, which could be anybody's.
 */
export function oidcSettings(given: GivenSettings): {
  readonly server: OidcSettings | undefined;
  readonly deadLetters: OidcSettings | undefined;
  readonly faults: readonly string[];
} {
  const { audience, deadLettersAudience, subjects, issuer, discoveryUrl } = given;
  const isApiServer = discoveryUrl.origin === 'https://kubernetes.default.svc';
  const shared = {
    issuer,
    subjects: subjects ?? [],
    discoveryUrl,
    tokenFile: given.tokenFile ?? (isApiServer ? `${serviceAccountFolder}/token` : undefined),
    authoritiesFile: given.authoritiesFile ?? (isApiServer ? `${serviceAccountFolder}/ca.crt` : undefined),
  };
  const settingsFor = (own: string | undefined) => own && { ...shared, audience: own };
  const isOn = audience !== undefined || deadLettersAudience !== undefined;
  const isMeant = isOn || subjects !== undefined || issuer !== undefined;
  const switches = audience === undefined ? 'DEAD_LETTERS_OIDC_AUDIENCE' : 'OIDC_AUDIENCE';
  return {
    server: settingsFor(audience) || undefined,
    deadLetters: settingsFor(deadLettersAudience) || undefined,
    faults: [
      ...(isOn && subjects === undefined ? [`${switches} is set without OIDC_SUBJECTS`] : []),
      ...(isMeant && !isOn ? ['OIDC_SUBJECTS or OIDC_ISSUER is set without OIDC_AUDIENCE'] : []),
    ],
  };
}
