import { counted } from '../../cli/counted';
import type { Clock } from '../clock';
import type { EventSourceMappingSpec } from '../deployment';
import type { OnFault } from '../faults/fault';
import type { Invocation, LambdaFunction } from '../function-runtime/lambda-function';
import type { RecordMetric } from '../metrics/metric-store';
import { functionMetric, mappingMetric } from '../metrics/service-metrics';
import type { ObjectStore, StoredObject } from '../object-store';
import type { MappingChoices } from './choices';
import { readResponse } from './function-response';
import { type EventRecord, eventJson, maxEventBytes } from './invocation-event';
import { type DiscardCondition, onFailureObject } from './on-failure-object';

/** What a shard's delivery needs of the world. */
export interface DeliveryPorts {
  readonly target: LambdaFunction;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly choices: MappingChoices;
  /** Ends the work between two steps; a batch that is not done then is delivered again after a restart. */
  readonly signal: AbortSignal;
  readonly count: (event: DeliveryEvent, records: number) => void;
  readonly onFault: OnFault;
  readonly record: RecordMetric;
}

export type DeliveryEvent = 'delivered' | 'retried' | 'discarded';

/** A batch on its way, or what a partial answer or a bisection left of one: with a request id and retries of its own. */
interface Attempt {
  readonly records: readonly EventRecord[];
  readonly requestId: string;
  invocations: number;
  lastResponse?: 'returned' | 'threw';
}

/**
 * Delivers one batch of a shard until each of its records is done with: taken by the function, or given up and
 * sent to the on-failure destination. `done` is awaited after each part, in the order of the shard, with the last
 * record that is done with.
 *
 * AWS docs: on-failure destinations for Kinesis, reporting batch item failures. What is left of a batch, and each
 * half of a bisected one, is a new batch: only so can bisection isolate a poison record with no retries at all.
 */
export async function deliverBatch(
  shardId: string,
  batch: readonly EventRecord[],
  spec: EventSourceMappingSpec,
  ports: DeliveryPorts,
  done: (last: EventRecord) => Promise<void>,
): Promise<void> {
  const { clock, choices, signal } = ports;
  const attemptOf = (records: readonly EventRecord[]): Attempt => ({
    records,
    requestId: ports.uuid(),
    invocations: 0,
  });
  const pending: Attempt[] = [attemptOf(batch)];

  const replaceFirst = (...parts: (readonly EventRecord[])[]): void => {
    pending.splice(0, 1, ...parts.filter((records) => records.length > 0).map(attemptOf));
  };
  const giveUp = async (attempt: Attempt, count: number, condition: DiscardCondition): Promise<void> => {
    await discard(shardId, { ...attempt, records: attempt.records.slice(0, count) }, condition, spec, ports);
    if (signal.aborted) return;
    replaceFirst(attempt.records.slice(count));
    await done(attempt.records[count - 1]!);
  };

  for (let attempt = pending[0]; attempt && !signal.aborted; attempt = pending[0]) {
    const { records } = attempt;
    const expired = expiredRecords(records, spec.maximumRecordAgeSeconds, clock.now());
    if (expired > 0) {
      await giveUp(attempt, expired, 'RecordAgeExceeded');
      continue;
    }
    const invocation = await invoke(attempt, ports);
    if (invocation === 'unavailable') {
      await clock.sleep(choices.serviceRetryMs, signal);
      continue;
    }
    attempt.invocations++;
    countEvents(spec, ports, 'InvokedEventCount', records.length);
    const result =
      invocation === 'too-large'
        ? undefined
        : readResponse(invocation, records, spec.reportBatchItemFailures);
    if (result?.kind === 'succeeded' || result?.kind === 'succeeded-before') {
      const count = result.kind === 'succeeded' ? records.length : result.index;
      replaceFirst(records.slice(count));
      ports.count('delivered', count);
      await done(records[count - 1]!);
      continue;
    }
    // A function that is stopped under an invocation fails it; that says nothing about the batch.
    if (signal.aborted) return;
    if (typeof invocation === 'object' && invocation.kind === 'failed') {
      const batchText = `${counted(records.length, 'record')} of ${shardId} from ${records[0]!.sequenceNumber}`;
      // The type alone: a message may quote what was sent. It is in the function's own log.
      ports.onFault(`${ports.target.name} with ${batchText}`, invocation.errorType);
    }
    countEvents(spec, ports, 'FailedInvokeEventCount', records.length);
    if (result) attempt.lastResponse = result.kind === 'threw' ? 'threw' : 'returned';
    if (result?.kind === 'threw' && spec.bisectBatchOnFunctionError && records.length > 1) {
      const middle = Math.floor(records.length / 2);
      replaceFirst(records.slice(0, middle), records.slice(middle));
      ports.count('retried', records.length);
    } else if (spec.maximumRetryAttempts >= 0 && attempt.invocations > spec.maximumRetryAttempts) {
      await giveUp(attempt, records.length, 'RetryAttemptsExhausted');
    } else {
      ports.count('retried', records.length);
      await clock.sleep(choices.retryBackoffMs(attempt.invocations), signal);
    }
  }
}

/** How many records, from the first, are too old to be delivered. */
function expiredRecords(records: readonly EventRecord[], maximumAgeSeconds: number, now: number): number {
  if (maximumAgeSeconds < 0) return 0;
  const young = records.findIndex(({ arrivedAt }) => now - arrivedAt <= maximumAgeSeconds * 1000);
  return young === -1 ? records.length : young;
}

/**
 * A single record whose event is too large never reaches the function, and uses up the retries. A service that
 * cannot run the function at all is retried outside of them.
 */
async function invoke(
  { records }: Attempt,
  ports: DeliveryPorts,
): Promise<Invocation | 'too-large' | 'unavailable'> {
  const event = eventJson(records);
  const { arrivedAt } = records.at(-1)!;
  if (Buffer.byteLength(event) > maxEventBytes) return 'too-large';
  const age = Math.max(ports.clock.now() - arrivedAt, 0);
  ports.record(functionMetric(ports.target.name, 'IteratorAge'), age);
  try {
    return await ports.target.invoke(event);
  } catch (error) {
    ports.onFault(`invoking ${ports.target.name}`, error);
    return 'unavailable';
  }
}

/** Nothing is lost: a destination that refuses is tried until it takes the batch. */
async function discard(
  shardId: string,
  attempt: Attempt,
  condition: DiscardCondition,
  spec: EventSourceMappingSpec,
  ports: DeliveryPorts,
): Promise<void> {
  const { clock, signal, choices } = ports;
  const { records, requestId } = attempt;
  const outlived = condition === 'RecordAgeExceeded';
  if (spec.onFailureBucket !== undefined) {
    const object = onFailureObject(
      spec.onFailureBucket,
      spec.uuid,
      {
        requestId,
        functionArn: spec.functionArn,
        streamArn: spec.streamArn,
        shardId,
        condition,
        // A batch that grew too old counts as invoked once even if it never was, as recorded from AWS.
        invokeCount: Math.max(attempt.invocations, 1),
        ...(attempt.lastResponse && !outlived ? { lastResponse: attempt.lastResponse } : {}),
        records,
      },
      clock.now(),
      ports.uuid(),
    );
    while (!(await stored(object, ports)) && !signal.aborted)
      await clock.sleep(choices.serviceRetryMs, signal);
  }
  if (signal.aborted) return;
  ports.count('discarded', records.length);
  // What a destination has got is not counted as dropped (AWS docs: event source mapping metrics).
  const isKept = spec.onFailureBucket !== undefined;
  countEvents(
    spec,
    ports,
    isKept ? 'OnFailureDestinationDeliveredEventCount' : 'DroppedEventCount',
    records.length,
  );
}

function countEvents(
  { uuid, countsEvents }: EventSourceMappingSpec,
  { record }: DeliveryPorts,
  name: Parameters<typeof mappingMetric>[1],
  events: number,
): void {
  if (countsEvents) record(mappingMetric(uuid, name), events);
}

async function stored(object: StoredObject, ports: DeliveryPorts): Promise<boolean> {
  try {
    await ports.objects.put(object);
    return true;
  } catch (error) {
    ports.onFault('storing an on-failure object', error);
    ports.record(functionMetric(ports.target.name, 'DestinationDeliveryFailures'), 1);
    return false;
  }
}
