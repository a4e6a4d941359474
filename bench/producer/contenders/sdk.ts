import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import { credentials, type Prepared, recordsOfRequest, region, streamName } from '../contender';

// What one writes from the SDK's guide: a request at a time, and the events that failed are counted and lost.

export function onePutRecordEach(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const client = new KinesisClient({ region, credentials, endpoint });
  const send = async () => {
    let accepted = 0;
    for (const { data, partitionKey } of events) {
      const { SequenceNumber } = await client.send(
        new PutRecordCommand({ StreamName: streamName, Data: data, PartitionKey: partitionKey }),
      );
      if (SequenceNumber) accepted++;
    }
    return accepted;
  };
  return { send, close: () => client.destroy() };
}

/** @param connections `default`: the client's own handler, HTTP/2; `kept`: the SDK's other one, HTTP/1.1 */
export function putRecords(connections: 'default' | 'kept') {
  return (events: readonly OutgoingEvent[], endpoint: string): Prepared => {
    const handler = connections === 'kept' ? { requestHandler: new NodeHttpHandler() } : {};
    const client = new KinesisClient({ region, credentials, endpoint, ...handler });
    const send = async () => {
      let accepted = 0;
      for (let start = 0; start < events.length; start += recordsOfRequest) {
        const Records = events
          .slice(start, start + recordsOfRequest)
          .map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
        const output = await client.send(new PutRecordsCommand({ StreamName: streamName, Records }));
        accepted += Records.length - (output.FailedRecordCount ?? 0);
      }
      return accepted;
    };
    return { send, close: () => client.destroy() };
  };
}
