import { readFileSync } from 'node:fs';
import { isBearerToken } from '../bearer-token.ts';
import { type ErrorKind, LedgerError, reasonOf } from '../errors.ts';
import { fileVersion } from './file-version.ts';

/** A bearer token in a file. */
export interface TokenFile {
  /**
   * The token as the file has it now: the kubelet replaces a projected one before it expires. The file is read only when it
   * has changed.
   *
   * @param kind Of the error, whose message never shows the content.
   * @throws LedgerError when the file cannot be read, is empty, or holds more than one word of visible ASCII.
   */
  read(kind: ErrorKind): string;
}

/** @param setting The name of the setting that gives the path. */
export function openTokenFile(path: string, setting: string): TokenFile {
  let known: { readonly version: string; readonly token: string } | undefined;

  function unusable(kind: ErrorKind, fact: string, cause?: unknown): LedgerError {
    const remedy = `give a file with one bearer token in ${setting}`;
    return new LedgerError(kind, { operation: 'reading', subject: path, fact, remedy }, { cause });
  }

  return {
    read(kind) {
      let version: string;
      let content: string;
      try {
        version = fileVersion(path);
        if (known?.version === version) return known.token;
        content = readFileSync(path, 'utf8').trim();
      } catch (error) {
        throw unusable(kind, reasonOf(error), error);
      }
      if (content === '') throw unusable(kind, 'it is empty');
      if (!isBearerToken(content)) throw unusable(kind, 'it does not hold one word of visible ASCII');
      known = { version, token: content };
      return content;
    },
  };
}
