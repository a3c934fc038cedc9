import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createByteLimit } from '../../lib/http/byte-limit.ts';

test('bytes are reserved up to the limit, and a request that has ended makes room for others', () => {
  const limit = createByteLimit(10);
  const [one, other] = [limit.open(), limit.open()];
  one.reserve(4);
  one.reserve(2);
  other.reserve(4);
  assert.throws(() => other.reserve(1), {
    kind: 'overloaded',
    message:
      'accepting the request: with its body more than 10 bytes would be in flight; send it again later, add replicas, or raise MAX_BYTES_IN_FLIGHT',
  });
  one.release();
  other.reserve(6);
  assert.throws(() => limit.open().reserve(1), { kind: 'overloaded' });
});
