import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recall } from '../../../bench/recall/result.ts';
import { recallSentence } from '../../../bench/report/recall-lines.ts';

type Phase = Recall['phases'][number];
type Path = Phase['paths'][number];

function path(name: Path['path'], counts: Partial<Path>): Path {
  const none = { twice: 0, wrong: 0, invented: 0, awaited: 0, notHeld: 0, missed: 0, watchEnded: 0 };
  return { path: name, trueRestarts: 100, onRecord: 100, findings: [], ...none, ...counts };
}

function phase(paths: readonly Path[], readable: number): Phase {
  return {
    title: 'any',
    seconds: 60,
    bounds: { trueRestarts: 50, recall: 0.9 },
    load: 1,
    trueRestarts: 100,
    shown: 100,
    endings: 0,
    byContainer: {},
    paths,
    kubeStateMetrics: [
      { interval: 1, restarts: readable },
      { interval: 30, restarts: readable / 2 },
    ],
  };
}

function sentence(...phases: readonly Phase[]): string {
  return recallSentence({ machine: 'any', phases });
}

test('the recall in a sentence is that of the path which recorded less, over all phases', () => {
  assert.equal(
    sentence(
      phase([path('watch', {}), path('events', { onRecord: 98 })], 80),
      phase([path('watch', { onRecord: 99 }), path('events', {})], 60),
    ),
    `\
Measured on a real node while its parts were killed: of 200 restarts by containerd's own account,
198 (99.0 %) are on record, none twice, none wrong ([recall](#recall)).
kube-state-metrics on the same node, scraped every 1 and 30 s, showed time, exit code and reason
of 70.0 % and 35.0 % of them.`,
  );
});

test('the recall in a sentence hides no record that is wrong, invented or there twice', () => {
  const flawed = phase([path('watch', { twice: 1 }), path('events', { wrong: 2, invented: 1 })], 80);
  assert.match(sentence(flawed), /on record, 1 twice, 3 wrong/);
});
