import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmbeddedGateway } from '../../../lib/pushgateway/embedded/server.ts';
import { observe } from '../../helpers/observe-gateway.ts';
import { missing, startPushgateway } from '../../helpers/real-services.ts';
import { contractCases } from './contract-cases.ts';

const skip = missing('prometheus-pushgateway');

async function observeEmbedded(contractCase: (typeof contractCases)[number]) {
  await using gateway = await startEmbeddedGateway({ host: '127.0.0.1', port: 0, nowMilliseconds: Date.now });
  return await observe(gateway.url, contractCase);
}

for (const contractCase of contractCases) {
  const [sentence, ...steps] = contractCase;

  test(`the embedded gateway answers as expected: ${sentence}`, async () => {
    const { answers } = await observeEmbedded(contractCase);
    assert.deepEqual(
      answers.map(({ status, body }, index) => ({
        status,
        ...(steps[index]?.answer !== undefined && { answer: body }),
      })),
      steps.map(({ status, answer }) => ({ status, ...(answer !== undefined && { answer }) })),
    );
  });

  test(`the real Pushgateway and the embedded one behave alike: ${sentence}`, { skip }, async () => {
    await using real = await startPushgateway();
    assert.deepEqual(await observeEmbedded(contractCase), await observe(real.url, contractCase));
  });
}
