import type { Setting } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An option of the command line that overrides an environment variable. */
export interface Flag {
  /** As it is typed: `--pushgateway`. */
  readonly name: string;
  readonly variable: string;
  /** `undefined` where the option is not given. */
  readonly value: string | undefined;
}

/** Reads settings, and collects what is wrong with them, so that one error can name all of it. */
export interface SettingReader {
  /** `undefined` where it is not set and has no fallback, and where it is invalid: then a fault says so. */
  optional<T>(setting: Setting<T>): T | undefined;
  /** Its fallback where it is not set or invalid. */
  required<T>(setting: Setting<T>): T;
  /** The option that gives it, as it is typed; `undefined` where none does. */
  optionOf(setting: Pick<Setting<unknown>, 'name'>): string | undefined;
  /** What is wrong with variables; further faults may be added. */
  readonly faults: string[];
  /** What is wrong with options. */
  readonly flagFaults: readonly string[];
}

/** @param flags Options, which override the environment. */
export function createSettingReader(environment: Environment, flags: readonly Flag[] = []): SettingReader {
  const given = new Map(
    flags.filter(({ value }) => value !== undefined).map((flag) => [flag.variable, flag]),
  );
  const faults: string[] = [];
  const flagFaults: string[] = [];

  function optional<T>({ name, form, parse, fallback, secret, hint }: Setting<T>): T | undefined {
    const flag = given.get(name);
    const text = flag?.value ?? (environment[name] || fallback);
    const value = text === '' ? undefined : parse(text);
    if (value !== undefined || (text === '' && flag === undefined)) return value;
    const shown = `${flag?.name ?? name}${secret ? '' : `=${JSON.stringify(text)}`}`;
    const advice = hint?.(text);
    const fault = `${shown} is not ${form}${advice === undefined ? '' : ` (did you mean ${advice}?)`}`;
    (flag === undefined ? faults : flagFaults).push(fault);
    return undefined;
  }

  function required<T>(setting: Setting<T>): T {
    const value = optional(setting) ?? setting.parse(setting.fallback);
    if (value === undefined) throw new TypeError(`the fallback of ${setting.name} is not ${setting.form}`);
    return value;
  }

  return { optional, required, optionOf: ({ name }) => given.get(name)?.name, faults, flagFaults };
}
