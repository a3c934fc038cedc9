import type { Setting } from './setting.ts';
import { text as anyText } from './setting-forms.ts';

/** The servers that may be behind TLS and credentials; each has settings with this prefix. */
export type ServerPrefix = 'PUSHGATEWAY' | 'PROMETHEUS';

/** The credentials and certificates towards one server, `undefined` where not set. All paths are of files that may rotate. */
export interface AccessSettings {
  readonly prefix: ServerPrefix;
  /** The option that gave the URL, as it is typed; `undefined` where the variable did. */
  readonly urlOption?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly credentialsFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly serverName?: string | undefined;
}

/** A server, and how it is reached. */
export interface Server {
  /** May contain a user and a password, where `access` has neither. */
  readonly url: URL;
  readonly access: AccessSettings;
}

/** The settings beside the URL. */
export type AccessField = Exclude<keyof AccessSettings, 'prefix' | 'urlOption'>;

/** The variable of each setting, after its prefix. */
const suffixes: Readonly<Record<AccessField, string>> = {
  username: 'USERNAME',
  passwordFile: 'PASSWORD_FILE',
  credentialsFile: 'CREDENTIALS_FILE',
  caFile: 'CA_FILE',
  certFile: 'CERT_FILE',
  keyFile: 'KEY_FILE',
  serverName: 'SERVER_NAME',
};

/** What a person has given the URL by: an option, else the environment variable. */
export function urlSetting({ prefix, urlOption }: Pick<AccessSettings, 'prefix' | 'urlOption'>): string {
  return urlOption ?? `${prefix}_URL`;
}

/** The environment variable of a setting. */
export function accessVariable({ prefix }: Pick<AccessSettings, 'prefix'>, field: AccessField): string {
  return `${prefix}_${suffixes[field]}`;
}

export type AccessSettingTable = Readonly<Record<AccessField, Setting<string>>>;

/** The settings of one server; `name` is what it is called. */
export function accessSettingTable(prefix: ServerPrefix, name: string): AccessSettingTable {
  const setting = (
    field: AccessField,
    summary: string,
    form = 'a path',
    parse = anyText,
  ): Setting<string> => ({
    name: accessVariable({ prefix }, field),
    summary,
    form,
    parse,
    fallback: '',
    secret: false,
  });
  const again = 'It is read again when it changes.';
  return {
    username: setting(
      'username',
      `The user for basic authentication at the ${name}.`,
      'text without a colon',
      user,
    ),
    passwordFile: setting('passwordFile', `A file with the password of that user. ${again}`),
    credentialsFile: setting(
      'credentialsFile',
      `A file with a bearer token for the ${name}, instead of a user and a password. ${again}`,
    ),
    caFile: setting(
      'caFile',
      `Certificates in PEM of the authorities that may sign the certificate of the ${name}, instead of the public ones. ${again}`,
    ),
    certFile: setting(
      'certFile',
      `A client certificate in PEM, where the ${name} requires one, with further ones of its chain. ${again}`,
    ),
    keyFile: setting('keyFile', `The private key in PEM of that client certificate, not encrypted. ${again}`),
    serverName: setting(
      'serverName',
      `The name that the certificate of the ${name} must have, where it is not the host of its URL.`,
      'a host name',
      hostName,
    ),
  };
}

function user(value: string): string | undefined {
  return value.includes(':') ? undefined : value;
}

function hostName(value: string): string | undefined {
  return /^[\w.-]+$/.test(value) ? value : undefined;
}

/** What is contradictory in the settings of a server, each as a sentence that names the variables. */
export function accessFaults(url: URL | undefined, access: AccessSettings): readonly string[] {
  const variable = (field: AccessField) => accessVariable(access, field);
  const urlName = urlSetting(access);
  const together = (field: AccessField, other: AccessField) =>
    access[field] !== undefined && access[other] === undefined
      ? [`${variable(field)} is set without ${variable(other)}`]
      : [];
  const faults = [
    ...together('username', 'passwordFile'),
    ...together('passwordFile', 'username'),
    ...together('certFile', 'keyFile'),
    ...together('keyFile', 'certFile'),
  ];
  const users = (['username', 'credentialsFile'] as const).filter((field) => access[field] !== undefined);
  if (users.length > 1)
    faults.push(`${users.map(variable).join(' and ')} are set, and only one of them is sent`);
  if (url === undefined) return faults;
  if (url.username !== '' || url.password !== '') {
    faults.push(
      ...users.map((field) => `${variable(field)} is set, and ${urlName} contains credentials too`),
    );
  }
  if (url.protocol !== 'https:') {
    const ofTls = (['caFile', 'certFile', 'serverName'] as const).filter(
      (field) => access[field] !== undefined,
    );
    faults.push(...ofTls.map((field) => `${variable(field)} is set, and ${urlName} is not an https URL`));
  }
  return faults;
}
