import { secretForms } from './redact.ts';

/**
 * The user and the password of a URL as a header field of basic authentication; none where it has neither.
 *
 * @param url Its credentials must be percent-decodable, as every URL of the configuration is.
 * Source: https://www.rfc-editor.org/rfc/rfc7617
 */
export function basicAuthentication({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  return { authorization: basicCredentials(decodeURIComponent(username), decodeURIComponent(password)) };
}

/** The value of `Authorization` for a user and a password. */
export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/**
 * The secrets in the credentials of a URL, as `redact` takes them.
 *
 * @param url As for {@link basicAuthentication}.
 */
export function urlSecrets(url: URL): readonly string[] {
  const { authorization = '' } = basicAuthentication(url);
  return secretForms([decodeURIComponent(url.password), url.password, authorization.replace('Basic ', '')]);
}
