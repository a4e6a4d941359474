import { setMaxListeners } from 'node:events';
import type { CheckpointStore } from '../checkpoint-store';
import type { Clock } from '../clock';
import type { DeliveryStreamSpec } from '../deployment';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import type { ObjectStore } from '../object-store';
import type { StreamReader } from '../stream-reader';
import { type Backoff, untilItSucceeds } from './backoff';
import type { Destination } from './destinations/destination';
import type { OnDeliveryEvent } from './events';
import { createHeld } from './held';
import { type Compress, gzipBody } from './object-buffer';
import { compileObjectKeys } from './object-key';
import { createOutputs } from './outputs';
import { createProcessor } from './processor';
import { openProgress } from './progress';
import { type DeliverySettings, defaultSettings } from './settings';
import { startShardSet } from './shard-set';
import { startShardWorker } from './shard-worker';

export interface DeliveryStreamPorts {
  readonly reader: StreamReader;
  /** The function of the specification's processor; required exactly when it has one. */
  readonly transformer?: LambdaFunction;
  readonly objects: ObjectStore;
  /** Where it delivers to; required exactly when the specification names another place than S3. */
  readonly destination?: Destination;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly settings?: Partial<DeliverySettings>;
  readonly onEvent?: OnDeliveryEvent;
  /** @default zlib's gzip on the thread pool */
  readonly gzip?: Compress;
}

export interface DeliveryStream {
  readonly spec: DeliveryStreamSpec;
  /** Epoch milliseconds of the first start; what arrived before is not delivered. */
  readonly createdAt: number;
  status(): DeliveryStatus;
  /** When the next object is stored at the latest, in epoch milliseconds; undefined while nothing waits for one. */
  nextObjectAt(): number | undefined;
  /**
   * Delivers all that the stream holds at this moment without waiting for a buffering interval. Resolves when it
   * is in S3 and the checkpoint is past it; rejects when the delivery stream stops or crashes before.
   */
  drain(): Promise<void>;
  /** Ends without delivering what is buffered: the next start reads it again. */
  stop(): Promise<void>;
}

/** Counts are of this run, from its start, but for the events. */
export interface DeliveryStatus {
  /** Events archived since the creation, each once however often it is delivered; what was rejected is none. */
  readonly archivedEvents: number;
  /** Age of the oldest record that was read and is not yet in S3 or dropped; 0 when there is none. */
  readonly lagMs: number;
  readonly bufferedRecords: number;
  readonly bufferedBytes: number;
  readonly objects: number;
  readonly deliveredRecords: number;
  readonly errorObjects: number;
  readonly errorRecords: number;
  readonly droppedRecords: number;
}

/**
 * Runs a delivery stream from a Kinesis stream to S3, or to another destination and to S3 with what that does not take.
 * Delivery is at least once: the checkpoint follows it. Resolves when the delivery stream exists, so that it delivers what
 * arrives from then on; throws when the specification asks for something that cannot be run.
 */
export async function startDeliveryStream(
  spec: DeliveryStreamSpec,
  ports: DeliveryStreamPorts,
): Promise<DeliveryStream> {
  const { reader, objects, checkpoints, clock, uuid, random, onEvent = () => {}, gzip = gzipBody } = ports;
  const settings = { ...defaultSettings(spec.bufferSizeMiB), ...ports.settings };
  const controller = new AbortController();
  const { signal } = controller;
  // Every object that a bucket refuses waits for it.
  setMaxListeners(0, signal);
  let crash: { readonly error: unknown } | undefined;
  const onCrash = (error: unknown) => {
    crash ??= { error };
    controller.abort();
    onEvent({ kind: 'crashed', error });
  };
  const retrying = (backoff: Backoff, kind: 'stream-call-failed' | 'checkpoint-failed') => ({
    clock,
    signal,
    backoff,
    onFailure: (error: unknown, attempt: number) => onEvent({ kind, attempt, error }),
  });
  const listShardIds = async () => {
    const retry = retrying(settings.readRetry, 'stream-call-failed');
    const shards = await untilItSucceeds(() => reader.listShards(), retry);
    return shards?.map(({ shardId }) => shardId);
  };

  const { destination } = ports;
  if ((spec.destination === undefined) !== (destination === undefined)) {
    throw new Error(`Delivery stream ${spec.name}: it names a destination, or one is given, and not both`);
  }
  const keys = compileObjectKeys(spec, { uuid, random, undeliveredType: destination?.errorOutputType });
  const held = createHeld(settings.maxHeldBytes);
  const context = { clock, uuid, settings, signal, held, onEvent, onCrash };
  const processor = createProcessor(spec, ports.transformer, context);
  const progress = await openProgress({
    ...retrying(settings.objectRetry, 'checkpoint-failed'),
    checkpoints,
    key: `delivery-stream/${spec.name}`,
    shardIdsNow: async () => (await listShardIds()) ?? [],
  });
  const retry = settings.objectRetry;
  const outputs = createOutputs(spec, { ...context, keys, gzip, objects, retry, random, destination });
  const workerContext = {
    ...context,
    reader,
    progress,
    processor,
    deliver: outputs.add,
    relieve: outputs.seal,
  };
  const shards = startShardSet({
    ...context,
    progress,
    listShardIds,
    listIntervalMs: settings.shardListIntervalMs,
    startWorker: (shardId, drainRequest) => {
      onEvent({ kind: 'shard-started', shardId });
      return startShardWorker(shardId, { ...workerContext, drainRequest });
    },
  });

  return {
    spec,
    createdAt: progress.createdAt,
    status: () => {
      const oldest = shards.oldestArrival();
      return {
        lagMs: oldest === undefined ? 0 : Math.max(0, clock.now() - oldest),
        archivedEvents: progress.events(),
        bufferedRecords: held.records,
        bufferedBytes: held.bytes,
        ...outputs.counts(),
      };
    },
    nextObjectAt: () => {
      const at = Math.min(outputs.closesAt(), shards.transformsAt() + spec.bufferIntervalSeconds * 1000);
      return Number.isFinite(at) ? at : undefined;
    },
    drain: async () => {
      await shards.drain();
      await outputs.flush();
      await progress.saved();
      if (crash) throw crash.error;
      if (signal.aborted) throw new Error(`Delivery stream ${spec.name} stopped before it was drained`);
    },
    stop: async () => {
      controller.abort();
      await shards.ended();
      await outputs.flush();
      await progress.saved();
      if (crash) throw crash.error;
    },
  };
}
