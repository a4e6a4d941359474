import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { StackOutputs } from '../contract/stack-outputs';
import { compactEverything } from '../domain/counters/compaction-request';
import { accessKey, type Clients, type Endpoints } from '../emulators/clients';
import type { DataDir } from '../emulators/data-dir';
import { createFileCheckpointStore } from './adapters/file-checkpoint-store';
import { createKinesisStreamReader } from './adapters/kinesis-stream-reader';
import { createS3ObjectStore } from './adapters/s3-objects';
import { systemClock } from './clock';
import type { Deployment } from './deployment';
import { createDestination, type DestinationAccess } from './destination';
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from './event-source-mapping/event-source-mapping';
import type { FaultLog } from './faults/fault-log';
import { type DeliveryStream, startDeliveryStream } from './firehose/delivery-stream';
import type { LambdaFunction } from './function-runtime/lambda-function';
import { type RunningFunction, startFunction } from './function-runtime/start-function';
import { deliveryMetrics } from './metrics/delivery-metrics';
import { measuredReader } from './metrics/measured-reader';
import type { RecordMetric } from './metrics/metric-store';
import { startSchedule } from './schedule/schedule';
import type { StreamReader } from './stream-reader';

export function functionLogFile(dir: DataDir, functionName: string): string {
  return join(dir.logs, `${functionName}.log`);
}

/** Where a function finds what the laptop has no emulator of: nowhere. It must not reach for AWS itself. */
const elsewhere = 'http://127.0.0.1:9';

/**
 * Each function runs with its template's settings, and is pointed at the services on this machine.
 *
 * @param expose makes of a function what everybody invokes
 */
export function startFunctions(
  { functions, region }: Deployment,
  dir: DataDir,
  endpoints: Endpoints,
  expose: <F extends LambdaFunction>(fn: F) => F,
): Map<string, RunningFunction> {
  const environment = {
    AWS_ENDPOINT_URL: elsewhere,
    AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    // The local S3 does not take the checksums that newer SDKs add to streamed bodies.
    AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: accessKey,
  };
  return new Map(
    functions.map((spec) => [
      spec.arn,
      expose(startFunction(spec, { region, logFile: functionLogFile(dir, spec.name), environment })),
    ]),
  );
}

/** Undefined for a template without one. */
function findCompactor(
  { outputs }: Deployment,
  functions: ReadonlyMap<string, RunningFunction>,
): RunningFunction | undefined {
  const name = Object.values(outputs)
    .map((stack) => stack[StackOutputs.aggregation.compactorName])
    .find((value) => value !== undefined);
  return [...functions.values()].find((running) => running.name === name);
}

export interface Applications {
  readonly mappings: readonly EventSourceMapping[];
  readonly deliveryStreams: readonly DeliveryStream[];
  /** Rejects if one cannot go on; never resolves. */
  readonly failed: Promise<never>;
  /** Folds the table's logs into its items, however young they are, by the function that does so on a schedule. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApplicationPorts {
  readonly clients: Clients;
  /** By ARN. */
  readonly functions: ReadonlyMap<string, RunningFunction>;
  readonly log: FaultLog;
  readonly record: RecordMetric;
  /** For the delivery stream that delivers to another place than S3. */
  readonly destination: DestinationAccess | undefined;
}

/** Starts what reads the stream, the delivery streams first, and then what runs on a schedule. */
export async function startApplications(
  deployment: Deployment,
  dir: DataDir,
  { clients, functions, log, record, destination }: ApplicationPorts,
): Promise<Applications> {
  const ports = {
    record,
    objects: createS3ObjectStore(clients.s3),
    checkpoints: createFileCheckpointStore(dir.checkpoints),
    clock: systemClock,
    uuid: randomUUID,
    random: Math.random,
    region: deployment.region,
  };
  const readerOf = (streamArn: string): StreamReader => {
    const found = deployment.streams.find(({ arn }) => arn === streamArn);
    if (!found) throw new Error(`the templates hold no stream ${streamArn}`);
    const reader = createKinesisStreamReader(clients.kinesis, found.name);
    return measuredReader(reader, found.name, record, systemClock);
  };
  const functionOf = (arn: string): RunningFunction => {
    const found = functions.get(arn);
    if (!found) throw new Error(`the templates hold no function ${arn}`);
    return found;
  };
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever awaits it learns of the failure; nobody has to.
  failed.catch(() => {});

  const deliveryStreams = await Promise.all(
    deployment.deliveryStreams.map((spec) => {
      const measure = deliveryMetrics(spec, record);
      const delivered = createDestination(spec, destination, systemClock);
      return startDeliveryStream(spec, {
        ...ports,
        ...(delivered && { destination: delivered }),
        reader: readerOf(spec.sourceStreamArn),
        ...(spec.processor ? { transformer: functionOf(spec.processor.functionArn) } : {}),
        onEvent: (event) => {
          measure(event);
          log.delivery(event);
          if (event.kind === 'crashed') fail(event.error);
        },
      });
    }),
  );
  const mappings = await Promise.all(
    deployment.eventSourceMappings.map((spec) =>
      startEventSourceMapping(spec, {
        ...ports,
        reader: readerOf(spec.streamArn),
        target: functionOf(spec.functionArn),
        onFault: log.fault,
      }),
    ),
  );
  for (const mapping of mappings) mapping.finished.catch(fail);
  const schedules = await Promise.all(
    deployment.schedules.map((spec) =>
      startSchedule(spec, { ...ports, target: functionOf(spec.functionArn), onFault: log.fault }),
    ),
  );
  const stop = async (): Promise<void> => {
    const ends = [...mappings, ...deliveryStreams, ...schedules].map((application) => application.stop());
    // What ended in a failure has told it already.
    await Promise.allSettled(ends);
  };
  const compactor = findCompactor(deployment, functions);
  const compact = async (): Promise<void> => {
    if (!compactor) return;
    const answer = await compactor.invoke(JSON.stringify(compactEverything));
    // What it left for want of time stays pending: readers add it, and the next start goes on with it.
    if (answer.kind === 'failed') log.fault(`invoking ${compactor.name}`, answer.errorType);
  };
  return { mappings, deliveryStreams, failed, compact, stop };
}
