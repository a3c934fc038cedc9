import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { podEvent } from '../../fixtures/pod-events.ts';
import { containerStatus, podObject, termination } from '../../fixtures/pods.ts';
import { runCommand } from '../../helpers/command.ts';

test('an event with its data in base64 is replayed from lines, from JSON and from YAML', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'base64-'));
  context.after(() => rm(folder, { recursive: true }));
  const lastState = { terminated: termination({ reason: 'Error', exitCode: 1 }) };
  const status = containerStatus({ restartCount: 1, lastState });
  const { data, ...attributes } = podEvent(podObject({ status: { containerStatuses: [status] } }));
  const event = { ...attributes, data_base64: btoa(JSON.stringify(data)) };
  const line = JSON.stringify(event);
  const files = {
    'lines.ndjson': `${line}\n${line}\n`,
    'event.json': JSON.stringify(event, null, 2),
    'event.yaml': stringify(event),
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await writeFile(file, text);
    const { stdout } = await runCommand(['replay', '--dry-run', '--output', 'json', file]);
    assert.match(stdout, /"restartId":"1_1763632802"/, name);
  }
});
