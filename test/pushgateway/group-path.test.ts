import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupPath } from '../../lib/pushgateway/group-path.ts';

test('a grouping key is a path of label names and values', () => {
  assert.equal(
    groupPath([
      ['job', 'pod_monitor'],
      ['pod', 'web-0'],
    ]),
    '/metrics/job/pod_monitor/pod/web-0',
  );
});

const values: readonly [sentence: string, value: string, segment: string][] = [
  ['an empty value is encoded as base64', '', 'cluster@base64/='],
  ['a value with a slash is encoded as base64', 'eu/1', 'cluster@base64/ZXUvMQ'],
  ['a dot is encoded as base64, or a client would drop it', '.', 'cluster@base64/Lg'],
  ['two dots are encoded as base64, or a client would go up', '..', 'cluster@base64/Li4'],
  ['three dots are not special', '...', 'cluster/...'],
  ['other characters are escaped as UTF-8', 'a b%c?d#é', 'cluster/a%20b%25c%3Fd%23%C3%A9'],
  ['base64 is base64url', '/?>', 'cluster@base64/Lz8-'],
];

for (const [sentence, value, segment] of values) {
  test(sentence, () => {
    assert.equal(
      groupPath([
        ['job', 'j'],
        ['cluster', value],
      ]),
      `/metrics/job/j/${segment}`,
    );
  });
}
