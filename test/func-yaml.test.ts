import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ajvDraft04 from 'ajv-draft-04';
import { parse } from 'yaml';
import { listAt, textAt } from './helpers/value-at.ts';

const root = join(import.meta.dirname, '..');
const schemaFile = join(root, '../shared/schemas/func-yaml-schema.json');

function missingSchema(): string | false {
  if (existsSync(schemaFile)) return false;
  const reason = 'the schema of func.yaml is not here';
  process.stderr.write(`SKIPPED, not tested on this machine: ${reason}\n`);
  return reason;
}

function functionDescription(): unknown {
  return parse(readFileSync(join(root, 'func.yaml'), 'utf8'));
}

/** The errors by the schema of the `func` tool, as `path: message`. */
function faultsOf(description: unknown): readonly string[] {
  const ajv = new ajvDraft04.default({ allErrors: true, strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
  validate(description);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

test('func.yaml is valid by the schema of the func tool', { skip: missingSchema() }, () => {
  assert.deepEqual(faultsOf(functionDescription()), []);
});

test('the schema rejects an invalid func.yaml', { skip: missingSchema() }, () => {
  assert.deepEqual(faultsOf({ name: 'x', runtime: 'typescript', created: '2026-11-23T00:00:00Z', more: 1 }), [
    ": must have required property 'specVersion'",
    ': must NOT have additional properties',
  ]);
});

test('func.yaml describes a TypeScript function that is built on a new enough Node and takes CloudEvents', () => {
  const description = functionDescription();
  assert.ok(typeof description === 'object' && description !== null);
  const { specVersion, runtime, invoke, build }: Record<string, unknown> = { ...description };
  assert.deepEqual([specVersion, runtime, invoke], ['0.36.0', 'typescript', 'cloudevent']);
  const { buildEnvs }: Record<string, unknown> = { ...(typeof build === 'object' ? build : {}) };
  assert.deepEqual(buildEnvs, [
    { name: 'BP_NODE_RUN_SCRIPTS', value: 'build' },
    { name: 'BP_NODE_VERSION', value: '24.*' },
  ]);
});

test('func.yaml subscribes to the event types that the Trigger of the manifests passes', () => {
  const trigger: unknown = parse(readFileSync(join(root, 'deploy/overlays/knative/trigger.yaml'), 'utf8'));
  const passed = listAt(trigger, 'spec.filters.0.any').map((filter) => textAt(filter, 'exact.type'));
  assert.deepEqual(passed, [
    'dev.knative.apiserver.resource.add',
    'dev.knative.apiserver.resource.update',
    'dev.knative.apiserver.resource.delete',
    'dev.knative.apiserver.ref.add',
    'dev.knative.apiserver.ref.update',
    'dev.knative.sources.ping',
  ]);
  const subscribed = listAt(functionDescription(), 'deploy.subscriptions').map((subscription) =>
    textAt(subscription, 'filters.type'),
  );
  assert.deepEqual(subscribed, passed);
});
