import { onFailurePrefix, repairedPrefix } from '../../contract/bucket-prefixes';
import type { Place } from '../../domain/counters/log-place';
import { linesOf } from '../../domain/event/shard-lines';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { type HistoryPorts, openHistory } from '../history/history';
import type { ObjectStore } from '../objects/object-store';
import { readOnFailureObject } from '../objects/on-failure-object';
import { arrivalSlackMs, shardIdOf } from '../shard-log';

export interface NextInShardPorts extends HistoryPorts {
  readonly onFailure: ObjectStore;
}

/**
 * Whether a batch that the log has not come to yet is what comes next: archive and stream hold no event between the log's
 * tail and the batch that stands in no on-failure object. Otherwise the aggregator may still be handed such an event, and
 * would find the log beyond it.
 *
 * @param tail with the latest arrival of what is counted; undefined if nothing is
 * @returns why it is not, or cannot be told; undefined if it is
 */
export async function whyNotNext(
  { shard, records }: ShardBatch,
  tail: { readonly place: Place; readonly arrivedAt: number | undefined },
  ports: NextInShardPorts,
): Promise<string | undefined> {
  const [first] = linesOf(records);
  if (!first || first.position <= tail.place) return undefined;
  const shardId = shardIdOf(shard);
  const lastArrival = records.reduce((latest, { arrivedAt }) => Math.max(latest, arrivedAt), 0);
  const history = await openHistory(
    {
      arrivals: { from: (tail.arrivedAt ?? 0) - arrivalSlackMs, to: lastArrival + arrivalSlackMs },
      upTo: new Map([[shardId, first.position]]),
    },
    ports,
  );
  let givenUp: ReadonlySet<string> | undefined;
  let isThere = false;
  for await (const part of history.parts()) {
    for (const { position, sequenceNumber } of part.get(shardId) ?? []) {
      if (position <= tail.place) continue;
      if (position === first.position) {
        isThere = true;
        continue;
      }
      givenUp ??= await givenUpRecords(shard, ports.onFailure);
      if (!givenUp.has(sequenceNumber)) {
        return `the aggregator has not come to the batch yet: before it, record ${sequenceNumber} is still to be counted`;
      }
    }
  }
  if (!isThere || !history.isComplete) {
    return 'the aggregator has not come to the batch yet, and neither archive nor stream say what stands before it';
  }
  return undefined;
}

/** The sequence numbers of all records of a shard that stand in on-failure objects, repaired or not. */
async function givenUpRecords(shard: string, onFailure: ObjectStore): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const prefix of [onFailurePrefix, `${repairedPrefix}${onFailurePrefix}`]) {
    for await (const { key } of onFailure.list(prefix)) {
      if (!key.includes(`/${shardIdOf(shard)}/`)) continue;
      // Somebody else may have moved it meanwhile.
      const body = await onFailure.get(key);
      const object = body && readOnFailureObject(body);
      if (!object?.ok || object.batch.shard !== shard) continue;
      for (const { sequenceNumber } of object.batch.records) found.add(sequenceNumber);
    }
  }
  return found;
}
