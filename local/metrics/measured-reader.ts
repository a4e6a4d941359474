import type { Clock } from '../clock';
import type { StreamReader } from '../stream-reader';
import type { RecordMetric } from './metric-store';
import { streamMetric } from './service-metrics';

/**
 * The reader, of whose reads the stream's iterator age is taken: how long ago the last record of a read was written, and 0
 * if nothing waited.
 */
export function measuredReader(
  reader: StreamReader,
  streamName: string,
  record: RecordMetric,
  clock: Pick<Clock, 'now'>,
): StreamReader {
  return {
    listShards: () => reader.listShards(),
    getIterator: (shardId, position) => reader.getIterator(shardId, position),
    read: async (iterator, limit) => {
      const result = await reader.read(iterator, limit);
      const last = result.records.at(-1);
      const age = last === undefined ? 0 : Math.max(clock.now() - last.arrivedAt, 0);
      record(streamMetric(streamName, 'GetRecords.IteratorAgeMilliseconds'), age);
      return result;
    },
  };
}
