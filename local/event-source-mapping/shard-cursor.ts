import type { Clock } from '../clock';
import type { OnFault } from '../faults/fault';
import type { StartPosition, StreamReader, StreamRecord } from '../stream-reader';

/** Reads one shard forward. */
export interface ShardCursor {
  /**
   * The next records, at most `limit`; none if nothing waits. A call that the stream refuses is made again until
   * it succeeds or the signal aborts.
   */
  read(limit: number): Promise<readonly StreamRecord[]>;
  /** True once the shard is closed and its last record was returned. */
  ended(): boolean;
}

export interface CursorPorts {
  readonly reader: StreamReader;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Wait after a call failed. */
  readonly retryMs: number;
  readonly onFault: OnFault;
}

/** The service's own bound on one read. */
const maxRecordsPerRead = 10_000;

export function shardCursor(shardId: string, start: StartPosition, ports: CursorPorts): ShardCursor {
  const { reader, clock, signal, retryMs, onFault } = ports;
  let position = start;
  let iterator: string | undefined;
  let ended = false;

  const readOnce = async (limit: number): Promise<readonly StreamRecord[]> => {
    iterator ??= await reader.getIterator(shardId, position);
    const { records, nextIterator } = await reader.read(iterator, Math.min(limit, maxRecordsPerRead));
    iterator = nextIterator;
    ended = nextIterator === undefined;
    const last = records.at(-1);
    if (last) position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
    return records;
  };

  return {
    ended: () => ended,
    async read(limit) {
      while (!ended && !signal.aborted) {
        try {
          return await readOnce(limit);
        } catch (error) {
          onFault(`reading ${shardId}`, error);
          // An iterator lives five minutes; whatever the fault was, a new one from the position goes on from there.
          iterator = undefined;
          await clock.sleep(retryMs, signal);
        }
      }
      return [];
    },
  };
}
