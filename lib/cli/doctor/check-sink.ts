import { CloudEvent } from 'cloudevents';
import type { EventSender } from '../../cloudevents/event-sender.ts';
import { type Finding, failed, right } from './finding.ts';

/** Whether the sink takes a CloudEvent: one of a type that the function acknowledges and ignores. */
export async function checkSink(sender: EventSender, id: string): Promise<Finding> {
  const event = new CloudEvent({
    id,
    source: 'urn:restart-ledger:doctor',
    type: 'io.github.restart-ledger.doctor',
    datacontenttype: 'application/json',
    data: {},
  });
  try {
    await sender.send(event);
    return right('sink', 'takes CloudEvents');
  } catch (failure) {
    return failed('sink', failure);
  }
}
