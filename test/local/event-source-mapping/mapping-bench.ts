import type { EventSourceMappingSpec } from '../../../local/deployment';
import {
  type EventSourceMapping,
  type MappingPorts,
  startEventSourceMapping,
} from '../../../local/event-source-mapping/event-source-mapping';
import type { Invocation } from '../../../local/function-runtime/lambda-function';
import type { StoredObject } from '../../../local/object-store';
import { createFakeStream, type FakeStream } from '../../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock';

/** One call of the function, as it saw it. */
export interface Call {
  readonly at: number;
  readonly event: string;
  readonly shardId: string;
  readonly sequenceNumbers: readonly string[];
  /** The records' data as text. */
  readonly data: readonly string[];
}

export type Behaviour = (call: Call, index: number) => Invocation | Promise<Invocation>;

export const succeeds: Behaviour = () => returned({ batchItemFailures: [] });

export function returned(payload: unknown): Invocation {
  return { kind: 'returned', payload, payloadBytes: 2 };
}

export function threw(): Invocation {
  return { kind: 'failed', errorType: 'Error', errorMessage: 'boom' };
}

export function mappingSpec(overrides: Partial<EventSourceMappingSpec> = {}): EventSourceMappingSpec {
  return {
    application: 'counting',
    uuid: '11111111-2222-4333-8444-555555555555',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
    streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    maximumBatchingWindowSeconds: 0,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    reportBatchItemFailures: true,
    countsEvents: true,
    onFailureBucket: 'failures',
    ...overrides,
  };
}

export interface Bench {
  readonly clock: VirtualClock;
  readonly stream: FakeStream;
  readonly calls: readonly Call[];
  readonly objects: readonly StoredObject[];
  readonly checkpoints: ReturnType<typeof createMemoryCheckpointStore>;
  start(spec?: Partial<EventSourceMappingSpec>, ports?: Partial<MappingPorts>): Promise<EventSourceMapping>;
  /** Text of the on-failure objects. */
  failures(): readonly FailureDocument[];
  behave(behaviour: Behaviour): void;
}

export interface FailureDocument {
  readonly requestContext: Record<string, unknown>;
  readonly responseContext?: Record<string, unknown>;
  readonly KinesisBatchInfo: Record<string, unknown>;
  readonly payload: string;
}

/** A mapping over a stream, a function and a bucket that are all in memory, on a clock that the test moves. */
export function mappingBench(shardIds: readonly string[] = ['shardId-000000000000']): Bench {
  const clock = createVirtualClock();
  const stream = createFakeStream({ clock, shardIds });
  const checkpoints = createMemoryCheckpointStore();
  const calls: Call[] = [];
  const objects: StoredObject[] = [];
  let behaviour = succeeds;
  let uuids = 0;

  return {
    clock,
    stream,
    calls,
    objects,
    checkpoints,
    behave: (next) => {
      behaviour = next;
    },
    start: (overrides, ports) =>
      startEventSourceMapping(mappingSpec(overrides), {
        reader: stream.reader,
        target: {
          arn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
          name: 'counter',
          roleArn: 'arn:aws:iam::000000000000:role/counter-role',
          invoke: async (event) => {
            const call = callOf(event, clock.now());
            calls.push(call);
            return behaviour(call, calls.length - 1);
          },
        },
        objects: { put: async (object) => void objects.push(object) },
        checkpoints,
        clock,
        uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
        region: 'us-east-1',
        ...ports,
      }),
    failures: () => objects.map(({ body }) => JSON.parse(body.toString()) as FailureDocument),
  };
}

interface EventDocument {
  readonly Records: readonly {
    readonly eventID: string;
    readonly kinesis: { readonly sequenceNumber: string; readonly data: string };
  }[];
}

function callOf(event: string, at: number): Call {
  const { Records } = JSON.parse(event) as EventDocument;
  return {
    at,
    event,
    shardId: Records[0]!.eventID.split(':')[0]!,
    sequenceNumbers: Records.map(({ kinesis }) => kinesis.sequenceNumber),
    data: Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
  };
}
