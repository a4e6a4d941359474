import { gzipSync } from 'node:zlib';
import type { Clock } from '../../../local/clock';
import type { DeliveryStreamSpec } from '../../../local/deployment';
import {
  type DeliveryStream,
  type DeliveryStreamPorts,
  startDeliveryStream,
} from '../../../local/firehose/delivery-stream';
import type { Destination } from '../../../local/firehose/destinations/destination';
import type { DeliveryEvent } from '../../../local/firehose/events';
import type { Invocation, LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { createFakeStream } from '../../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createMemoryObjectStore } from '../../support/memory-object-store';
import { createLifetime } from '../../support/mortal';
import { createVirtualClock } from '../../support/virtual-clock';

export const SHARD = 'shardId-000000000000';
export const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:archive-transformer';

export const PROCESSOR = {
  functionArn: FUNCTION_ARN,
  bufferSizeMiB: 1,
  bufferIntervalSeconds: 20,
  retries: 2,
};

/** Every setting has a value of its own, so that none can stand in for another. */
export function streamSpec(overrides: Partial<DeliveryStreamSpec> = {}): DeliveryStreamSpec {
  return {
    application: 'keeping',
    name: 'click-archive',
    arn: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/click-archive',
    sourceStreamArn: 'arn:aws:kinesis:eu-central-1:111122223333:stream/clicks',
    bucket: 'archive-bucket',
    prefix: 'data/hour=!{timestamp:HH}/',
    errorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    bufferSizeMiB: 3,
    bufferIntervalSeconds: 70,
    compression: 'GZIP',
    timeZone: 'UTC',
    processor: PROCESSOR,
    ...overrides,
  };
}

export interface EventRecord {
  readonly recordId: string;
  readonly data: string;
  readonly approximateArrivalTimestamp: number;
  readonly kinesisRecordMetadata: { readonly sequenceNumber: string; readonly shardId: string };
}

export interface TransformationEvent {
  readonly invocationId: string;
  readonly records: readonly EventRecord[];
}

export type Handler = (event: TransformationEvent, attempt: number) => Promise<Invocation> | Invocation;

export const returned = (payload: unknown, payloadBytes = 1_000): Invocation => ({
  kind: 'returned',
  payload,
  payloadBytes,
});
export const threw: Invocation = { kind: 'failed', errorType: 'Error', errorMessage: 'boom' };

export const textOf = (record: EventRecord) => Buffer.from(record.data, 'base64').toString('utf8');
export const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64');
export const ok = (record: EventRecord, text = `<${textOf(record)}>`) => ({
  recordId: record.recordId,
  result: 'Ok',
  data: encoded(text),
});

/** Answers Ok for each record, its text between angle brackets. */
export const echo: Handler = ({ records }) => returned({ records: records.map((record) => ok(record)) });

function fakeFunction(handler: Handler) {
  const events: string[] = [];
  const fn: LambdaFunction = {
    arn: FUNCTION_ARN,
    name: 'archive-transformer',
    roleArn: 'arn:aws:iam::111122223333:role/transformer',
    invoke: async (eventJson) => {
      events.push(eventJson);
      return handler(JSON.parse(eventJson), events.length);
    },
  };
  return { fn, events, parsed: () => events.map((text): TransformationEvent => JSON.parse(text)) };
}

export interface WorldOptions {
  readonly spec?: Partial<DeliveryStreamSpec>;
  readonly handler?: Handler;
  readonly shardIds?: readonly string[];
  readonly maxRecordsPerRead?: number;
  readonly withoutProcessor?: boolean;
  /** What it delivers to, in the place of S3; the specification has to name it as well. */
  readonly destination?: (clock: Clock) => Destination;
}

/** A stream, an S3 and a checkpoint store that outlive the delivery streams started on them. */
export function createWorld(worldOptions: WorldOptions = {}) {
  const {
    spec,
    handler = echo,
    shardIds = [SHARD],
    withoutProcessor = false,
    destination,
    ...options
  } = worldOptions;
  const clock = createVirtualClock();
  const stream = createFakeStream({ clock, shardIds, ...options });
  const objects = createMemoryObjectStore();
  const checkpoints = createMemoryCheckpointStore();
  const transformer = fakeFunction(handler);
  const events: DeliveryEvent[] = [];
  const { processor, ...rest } = streamSpec(spec);
  const fullSpec = withoutProcessor || !processor ? rest : { ...rest, processor };
  let uuids = 0;

  const ports = (): DeliveryStreamPorts => ({
    reader: stream.reader,
    ...(!withoutProcessor && { transformer: transformer.fn }),
    objects,
    ...(destination && { destination: destination(clock) }),
    checkpoints,
    clock,
    uuid: () => `00000000-0000-4000-8000-${String(uuids++).padStart(12, '0')}`,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    gzip: async (body) => gzipSync(body),
  });

  const start = (
    settings: DeliveryStreamPorts['settings'] = {},
    overrides: Partial<DeliveryStreamPorts> = {},
  ): Promise<DeliveryStream> =>
    clock.until(startDeliveryStream(fullSpec, { ...ports(), ...overrides, settings }));

  /** Starts a delivery stream that can be killed like a process. */
  const startMortal = async (settings: DeliveryStreamPorts['settings'] = {}, killAfterCalls = Infinity) => {
    const life = createLifetime();
    life.killAfterCalls(killAfterCalls);
    const all = ports();
    const mortal: DeliveryStreamPorts = {
      ...all,
      settings,
      reader: life.wrap(all.reader),
      objects: life.wrap(all.objects),
      checkpoints: life.wrap(all.checkpoints),
      clock: life.wrap(all.clock),
      ...(all.transformer && { transformer: life.wrap(all.transformer) }),
      ...(all.destination && { destination: mortalDestination(all.destination, life) }),
    };
    const starting = startDeliveryStream(fullSpec, mortal);
    let started: DeliveryStream | undefined;
    starting.then((value) => {
      started = value;
    });
    await clock.settle();
    return { life, delivery: () => started };
  };

  const text = (prefix: string) =>
    objects
      .keys(prefix)
      .map((key) => objects.plain(key).toString('utf8'))
      .join('');
  const errorDocuments = () =>
    text('errors/')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Record<string, unknown> => JSON.parse(line));

  return {
    clock,
    stream,
    objects,
    checkpoints,
    transformer,
    events,
    spec: fullSpec,
    start,
    startMortal,
    text,
    errorDocuments,
  };
}

/** Of a destination the attempts alone may be the last of a process. */
function mortalDestination(destination: Destination, life: ReturnType<typeof createLifetime>): Destination {
  const { attempt } = life.wrap({ attempt: destination.attempt.bind(destination) });
  return { ...destination, attempt };
}

export type World = ReturnType<typeof createWorld>;
