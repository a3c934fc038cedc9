import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { isBearerToken } from '../bearer-token.ts';
import { type AccessSettings, accessVariable, type Server } from '../config/access-settings.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import { basicAuthentication, basicCredentials, urlSecrets } from './basic-authentication.ts';
import { fileVersion } from './file-version.ts';
import { secretForms } from './redact.ts';

/** What is presented to a server with each request, and by which its certificate is checked. */
export interface Access {
  readonly headers: { readonly authorization?: string };
  /** For `tls.connect`; the same object as long as nothing in it has changed. */
  readonly tls: TlsOptions;
  /** What no message may show, for `redact`. */
  readonly secrets: readonly string[];
}

export interface TlsOptions extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly servername?: string;
}

export interface AccessOptions {
  /** A monotonic clock. */
  readonly nowMilliseconds: () => number;
}

/** How old what was read may be before the files are looked at: a rotated Secret takes longer than that to arrive. */
const freshMilliseconds = 1000;

/**
 * The access to a server as its settings say. Files that have changed are read again, at most once a second; one that can then
 * not be used, since it is being written, for example, leaves what was read before.
 *
 * @returns what is to be called for each request.
 * @throws LedgerError `configuration` when a file cannot be used now.
 */
export function createServerAccess({ url, access: settings }: Server, options: AccessOptions): () => Access {
  const paths = pathsIn(settings);
  let current = readAccess(url, settings);
  if (paths.length === 0) return () => current;

  let seen = paths.map(fileVersion).join();
  let checkedAt = options.nowMilliseconds();

  function check(): void {
    try {
      const now = paths.map(fileVersion).join();
      if (now === seen) return;
      const next = readAccess(url, settings);
      current = isEqual(next.tls, current.tls) ? { ...next, tls: current.tls } : next;
      seen = now;
    } catch {
      // The next check reads it again.
    }
  }

  return () => {
    const now = options.nowMilliseconds();
    if (now - checkedAt >= freshMilliseconds) {
      checkedAt = now;
      check();
    }
    return current;
  };
}

const fileFields = ['passwordFile', 'credentialsFile', 'caFile', 'certFile', 'keyFile'] as const;
type FileField = (typeof fileFields)[number];

function pathsIn(settings: AccessSettings): readonly string[] {
  return fileFields.map((field) => settings[field]).filter((path) => path !== undefined);
}

function readAccess(url: URL, settings: AccessSettings): Access {
  const tls = readTls(settings);
  const { username } = settings;
  if (username !== undefined) {
    const password = readSecret(settings, 'passwordFile');
    const authorization = basicCredentials(username, password);
    return {
      headers: { authorization },
      tls,
      secrets: secretForms([password, authorization.replace('Basic ', '')]),
    };
  }
  if (settings.credentialsFile !== undefined) {
    const token = readSecret(settings, 'credentialsFile');
    if (!isBearerToken(token))
      throw unusable(settings, 'credentialsFile', 'it is not visible ASCII characters');
    return { headers: { authorization: `Bearer ${token}` }, tls, secrets: secretForms([token]) };
  }
  return { headers: basicAuthentication(url), tls, secrets: urlSecrets(url) };
}

function readTls(settings: AccessSettings): TlsOptions {
  const { serverName } = settings;
  const ca = read(settings, 'caFile');
  const cert = read(settings, 'certFile');
  const key = read(settings, 'keyFile');
  if (ca !== undefined) checkAuthorities(settings, ca);
  if (cert !== undefined && key !== undefined) checkPair(settings, cert, key);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

/** TLS would ignore what is no certificate, and then trust nothing. */
function checkAuthorities(settings: AccessSettings, ca: string): void {
  try {
    const { X509Certificate } = process.getBuiltinModule('node:crypto');
    void new X509Certificate(ca);
  } catch (error) {
    throw unusable(settings, 'caFile', `it contains no certificate in PEM (${reasonOf(error)})`, error);
  }
}

function checkPair(settings: AccessSettings, cert: string, key: string): void {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  for (const [field, parts] of [
    ['certFile', { cert }],
    ['keyFile', { key }],
    ['keyFile', { cert, key }],
  ] as const) {
    try {
      createSecureContext(parts);
    } catch (error) {
      throw unusable(settings, field, reasonOf(error), error);
    }
  }
}

/** Without the white space around it, as Prometheus reads such files: an editor ends a file with a new line. */
function readSecret(settings: AccessSettings, field: FileField): string {
  const secret = read(settings, field)?.trim() ?? '';
  if (secret === '') throw unusable(settings, field, 'it is empty');
  return secret;
}

function read(settings: AccessSettings, field: FileField): string | undefined {
  const path = settings[field];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unusable(settings, field, reasonOf(error), error);
  }
}

function unusable(settings: AccessSettings, field: FileField, fact: string, cause?: unknown): LedgerError {
  const subject = `${accessVariable(settings, field)}=${JSON.stringify(settings[field])}`;
  const remedy = 'correct the file, or the variable, and start again';
  return new LedgerError('configuration', { operation: 'reading', subject, fact, remedy }, { cause });
}

function isEqual(a: TlsOptions, b: TlsOptions): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key && a.servername === b.servername;
}
