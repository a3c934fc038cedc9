import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { listAt, textAt, valueAt } from './value-at.ts';

const folder = join(import.meta.dirname, '../../../shared/schemas');

/** For the `skip` option of a test: `false` when the schemas are there, else the reason, which goes to standard error too. */
export function missingSchemas(): string | false {
  if (existsSync(folder)) return false;
  const reason = 'the schemas of the custom resources are not here';
  process.stderr.write(`SKIPPED, not tested on this machine: ${reason}\n`);
  return reason;
}

/** The CustomResourceDefinitions of everything that the manifests build on. */
export function customResourceDefinitions(): readonly unknown[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name): unknown => parse(readFileSync(join(folder, name), 'utf8')));
}

/** Returns the faults of an object of its kind, as `path: message`. */
export type Validate = (manifest: unknown) => readonly string[];

/**
 * Validators by `apiVersion kind`, made from the CustomResourceDefinitions. A field that a schema does not name
 * is a fault, even where the API server would keep it: in this project's manifests it is a mistake.
 */
export function customResourceValidators(): ReadonlyMap<string, Validate> {
  validators ??= compileValidators();
  return validators;
}

/** Compiling them takes a second. */
let validators: ReadonlyMap<string, Validate> | undefined;

function compileValidators(): ReadonlyMap<string, Validate> {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  return new Map(
    customResourceDefinitions().flatMap((definition) =>
      listAt(definition, 'spec.versions').map((version): [string, Validate] => {
        const group = textAt(definition, 'spec.group');
        const kind = textAt(definition, 'spec.names.kind');
        const schema = strict(valueAt(version, 'schema.openAPIV3Schema'), true);
        return [`${group}/${textAt(version, 'name')} ${kind}`, faultsBy(ajv.compile(schema))];
      }),
    ),
  );
}

function faultsBy(validate: ValidateFunction): Validate {
  return (manifest) => {
    validate(manifest);
    return (validate.errors ?? []).map(({ instancePath, message = '', params }) =>
      'additionalProperty' in params
        ? `${instancePath}: ${message} (${String(params['additionalProperty'])})`
        : `${instancePath}: ${message}`,
    );
  };
}

/**
 * A structural schema as JSON schema that refuses unknown fields. At the root the API server itself knows
 * `apiVersion`, `kind` and `metadata`.
 *
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
function strict(schema: unknown, isRoot = false): object {
  if (typeof schema !== 'object' || schema === null) return {};
  const { properties, items, additionalProperties, ...others }: Record<string, unknown> = { ...schema };
  const kept = Object.entries(others).filter(
    ([key]) => !key.startsWith('x-kubernetes-') && key !== 'default',
  );
  const ofRoot = isRoot ? { apiVersion: {}, kind: {}, metadata: {} } : {};
  return {
    ...Object.fromEntries(kept),
    ...(others['x-kubernetes-int-or-string'] === true ? { type: ['integer', 'string'] } : {}),
    ...(items === undefined ? {} : { items: strict(items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: strict(additionalProperties) }
      : {}),
    ...(typeof properties === 'object' && properties !== null
      ? {
          properties: {
            ...Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, strict(inner)])),
            ...ofRoot,
          },
          additionalProperties: false,
        }
      : {}),
  };
}
