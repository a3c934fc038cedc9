import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartLine } from '../../../lib/cli/output/restart-line.ts';
import { knownRestart } from '../../fixtures/restart.ts';

const hostile = { ...knownRestart, reason: '\u001b[2J\u202eOK\nshop/other' };

test('a reason cannot write control sequences, reorder the line or begin another', () => {
  assert.equal(
    restartLine(hostile, false),
    '2025-11-20T10:00:02Z shop/checkout-7d4b9c6f5-x2x9k checkout #5 \\u{1b}[2J\\u{202e}OK\\nshop/other (137) after 2m0s',
  );
});

test('the colours of a line are written, those in a reason are not', () => {
  assert.equal(
    restartLine(hostile, true),
    '\u001b[90m2025-11-20T10:00:02Z\u001b[39m shop/checkout-7d4b9c6f5-x2x9k \u001b[1mcheckout\u001b[22m #5 \u001b[31m\\u{1b}[2J\\u{202e}OK\\nshop/other (137)\u001b[39m after 2m0s',
  );
});
