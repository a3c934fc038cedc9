import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { runAskedCommand } from '../helpers/history.ts';
import { missing, type RealService } from '../helpers/real-services.ts';
import { startRecordedHistory } from '../helpers/recorded-history.ts';

/** The questions, each with its command and the whole output. */
const answers = readFileSync('docs/history.md', 'utf8')
  .split('\n### ')
  .slice(1)
  .map((section) => {
    const [, command = '', output = ''] =
      /```console\n\$ restart-ledger (.*)\n([^`]*)```/.exec(section) ?? [];
    return { question: section.split('\n', 1)[0] ?? '', command, output };
  });

test('every question has a command and its output', () => {
  assert.ok(answers.length >= 8);
  for (const { question, command, output } of answers) {
    assert.ok(command !== '' && output.split('\n').length >= 2, question);
  }
});

suite('a real Prometheus gives the answers of the page', {
  skip: missing('prometheus') || missing('promtool'),
}, () => {
  let prometheus: RealService;
  before(async () => {
    prometheus = await startRecordedHistory();
  });
  after(() => prometheus[Symbol.asyncDispose]());

  for (const { question, command, output } of answers)
    test(question, async () => {
      const environment = { PROMETHEUS_URL: prometheus.url };
      assert.deepEqual(await runAskedCommand(command.split(' '), environment), {
        code: 0,
        stdout: output,
        stderr: '',
      });
    });
});
