import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { LocalPipeline } from '../../cli/local-pipeline';
import { logPartition, TableAttributes } from '../../domain/counters/table-layout';
import { positionOf } from '../../domain/event/position';
import type { Clients } from '../../emulators/clients';
import { untilAborted } from '../until-aborted';

const putEveryMs = 1_000;
/** A look is one small read of the table, so that looking is a hundredth of the work. */
const lookEveryMs = 100;

interface Marker {
  readonly putAt: number;
  /** `stream/shardId`. */
  readonly shard: string;
  readonly position: string;
}

/** How long one marker took from before its put until a reader of the table could see it counted. */
export interface MarkerLatency {
  readonly putAt: number;
  readonly ms: number;
}

export interface Markers {
  /** Markers that the stream took. */
  readonly accepted: () => number;
  readonly counted: () => readonly MarkerLatency[];
  /** Puts no more. */
  stopPutting(): void;
  /** Resolves when every marker is counted; rejects if putting one or looking failed, or the signal aborts before. */
  readonly finished: Promise<void>;
}

/**
 * Puts an event of its own into the stream each second, and looks into the table until it is counted: what the last
 * delta of its shard's log has passed is what every reader sees.
 */
export function startMarkers(
  { kinesis, dynamodb }: Clients,
  { stream, table }: LocalPipeline,
  signal: AbortSignal,
): Markers {
  const stop = new AbortController();
  const counted: MarkerLatency[] = [];
  let pending: Marker[] = [];
  let accepted = 0;

  const put = async (): Promise<void> => {
    const putAt = Date.now();
    const answer = await kinesis.send(
      new PutRecordCommand({
        StreamName: stream,
        PartitionKey: randomUUID(),
        Data: Buffer.from(
          JSON.stringify({
            eventId: randomUUID(),
            type: 'page_view',
            timestamp: new Date(putAt).toISOString(),
            visitorId: randomUUID(),
            page: '/marker',
          }),
        ),
      }),
    );
    accepted++;
    pending.push({
      putAt,
      shard: `${stream}/${answer.ShardId}`,
      position: positionOf(answer.SequenceNumber!, 0),
    });
  };

  const look = async (): Promise<void> => {
    for (const shard of new Set(pending.map((marker) => marker.shard))) {
      const { Items } = await dynamodb.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': TableAttributes.partitionKey },
          ExpressionAttributeValues: { ':pk': { S: logPartition(shard) } },
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      const now = Date.now();
      const tail = Items?.[0]?.[TableAttributes.last]?.S ?? '';
      const isCounted = (marker: Marker): boolean => marker.shard === shard && marker.position <= tail;
      counted.push(...pending.filter(isCounted).map(({ putAt }) => ({ putAt, ms: now - putAt })));
      pending = pending.filter((marker) => !isCounted(marker));
    }
  };

  const putting = untilAborted(AbortSignal.any([stop.signal, signal]), putEveryMs, put);
  const looking = untilAborted(signal, lookEveryMs, look, () => stop.signal.aborted && pending.length === 0);
  const finished = Promise.all([putting, looking]).then(() => {
    if (pending.length > 0) throw new Error(`${pending.length} markers were not counted`);
  });
  return { accepted: () => accepted, counted: () => counted, stopPutting: () => stop.abort(), finished };
}
