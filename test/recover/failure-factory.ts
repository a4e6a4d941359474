import type { ShardRecord } from '../../domain/event/shard-lines';
import { eventRecord } from '../../local/event-source-mapping/invocation-event';
import { onFailureObject } from '../../local/event-source-mapping/on-failure-object';

const streamArn = (stream: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;

/** The object of a batch that a mapping gave up, written by the code that writes it on the laptop. */
export function givenUp(
  shard: string,
  records: readonly ShardRecord[],
  { now = Date.parse('2026-03-01T16:00:00.000Z'), uuid = 'a1b2c3' } = {},
): { readonly key: string; readonly body: Buffer } {
  const [stream = '', shardId = ''] = shard.split('/');
  const source = { streamArn: streamArn(stream), roleArn: 'arn:role-7', region: 'us-east-1' };
  return onFailureObject(
    'failures-4',
    'e5f6-mapping',
    {
      requestId: 'request-8',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:aggregator-6',
      streamArn: source.streamArn,
      shardId,
      condition: 'RecordAgeExceeded',
      invokeCount: 9,
      records: records.map((record) =>
        eventRecord({ ...record, partitionKey: 'visitor-1' }, shardId, source),
      ),
    },
    now,
    uuid,
  );
}

export interface RejectedRecord {
  readonly data: string | Buffer;
  readonly arrivedAt: number;
}

/** A line of an error object, as Firehose writes it. */
export function errorLine(
  { data, arrivedAt }: RejectedRecord,
  spelling: 'lambdaARN' | 'lambdaArn' = 'lambdaARN',
): string {
  return `${JSON.stringify({
    rawData: Buffer.from(data).toString('base64'),
    errorCode: 'Lambda.ProcessingFailedStatus',
    errorMessage: 'The function said so',
    attemptsMade: 2,
    arrivalTimestamp: arrivedAt,
    attemptEndingTimestamp: arrivedAt + 5_000,
    [spelling]: 'arn:aws:lambda:us-east-1:000000000000:function:transformer-9',
  })}\n`;
}
