import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { LocalPipeline } from '../cli/local-pipeline';
import { accessKey, type Clients, createClients } from './adapters/clients';
import { createFileCheckpointStore } from './adapters/file-checkpoint-store';
import { createKinesisStreamReader } from './adapters/kinesis-stream-reader';
import { createS3ObjectStore } from './adapters/s3-objects';
import type { Agreement } from './agreement/agreement';
import { verifyAgreement } from './agreement/verify';
import { systemClock } from './clock';
import type { DataDir } from './data-dir';
import {
  type DeliveryStatus,
  type DeliveryStream,
  startDeliveryStream,
} from './delivery-stream/delivery-stream';
import type { Deployment } from './deployment';
import { startEmulators } from './emulators/start-emulators';
import { describeEndpoints, writeEndpoints } from './endpoints-file';
import {
  type EventSourceMapping,
  type MappingStatus,
  startEventSourceMapping,
} from './event-source-mapping/event-source-mapping';
import { createFaultLog, type FaultLog } from './fault-log';
import { startFirehoseEndpoint } from './firehose-endpoint';
import { type RunningFunction, startFunction } from './function-runtime/start-function';
import { provision } from './provision';

/** The whole pipeline on this machine. */
export interface Pipeline {
  readonly deployment: Deployment;
  readonly clients: Clients;
  readonly where: LocalPipeline;
  status(): PipelineStatus;
  /** Resolves when all that is in the stream now is aggregated and archived, without waiting for buffers to fill. */
  drain(): Promise<void>;
  /** Reads everything anew and compares. */
  verify(): Promise<Agreement>;
  /** Ends everything. What is buffered or under way is delivered after the next start. */
  stop(): Promise<void>;
  /** Rejects if a part cannot go on; never resolves. */
  readonly failed: Promise<never>;
}

export interface PipelineStatus {
  /** Calls and invocations that failed and were made again; `logs/pipeline.log` has each. */
  readonly faults: number;
  readonly mappings: MappingStatus;
  readonly deliveries: DeliveryStatus;
}

/**
 * Starts what a deployment asks for, in the order in which its parts need each other. The delivery stream stands
 * before anybody can produce, since it delivers only what arrives after its creation.
 *
 * @param port first of four ports; 0 lets each service take any free one
 */
export async function startPipeline(deployment: Deployment, dir: DataDir, port: number): Promise<Pipeline> {
  const log = createFaultLog(join(dir.logs, 'pipeline.log'));
  const closers: (() => Promise<void> | void)[] = [log.close];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const emulators = await startEmulators(dir, port);
    closers.push(emulators.close);
    const { endpoints } = emulators;
    const clients = createClients(endpoints, deployment.region);
    closers.push(clients.destroy);
    await provision(deployment, clients);

    const functions = startFunctions(deployment, dir, endpoints.dynamodb);
    closers.push(() => Promise.all([...functions.values()].map((fn) => fn.close())).then(() => undefined));
    const applications = await startApplications(deployment, dir, clients, functions, log);
    closers.push(applications.stop);

    const { deliveryStreams, mappings } = applications;
    const firehosePort = port === 0 ? 0 : port + 3;
    const firehose = await startFirehoseEndpoint({ port: firehosePort, streams: deliveryStreams });
    closers.push(firehose.close);
    const where = describeEndpoints(deployment, { ...endpoints, firehose: firehose.endpoint });
    await writeEndpoints(where, dir);

    const reader = createKinesisStreamReader(clients.kinesis, deployment.stream.name);
    return {
      deployment,
      clients,
      where,
      failed: applications.failed,
      status: () => ({
        faults: log.count(),
        mappings: mappings.map((mapping) => mapping.status()).reduce((a, b) => sumStatus(a, b)),
        deliveries: deliveryStreams.map((stream) => stream.status()).reduce((a, b) => sumStatus(a, b)),
      }),
      drain: async () => {
        await Promise.race([
          Promise.all([...mappings, ...deliveryStreams].map((application) => application.drain())),
          applications.failed,
        ]);
      },
      verify: () => verifyAgreement(deployment, clients, reader),
      stop: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Each function runs with its template's settings, and is pointed at the table on this machine. */
function startFunctions(
  { functions, region }: Deployment,
  dir: DataDir,
  dynamodb: string,
): Map<string, RunningFunction> {
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: accessKey,
  };
  return new Map(
    functions.map((spec) => [
      spec.arn,
      startFunction(spec, { region, logFile: join(dir.logs, `${spec.name}.log`), environment }),
    ]),
  );
}

interface Applications {
  readonly mappings: readonly EventSourceMapping[];
  readonly deliveryStreams: readonly DeliveryStream[];
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

async function startApplications(
  deployment: Deployment,
  dir: DataDir,
  clients: Clients,
  functions: ReadonlyMap<string, RunningFunction>,
  log: FaultLog,
): Promise<Applications> {
  const ports = {
    reader: createKinesisStreamReader(clients.kinesis, deployment.stream.name),
    objects: createS3ObjectStore(clients.s3),
    checkpoints: createFileCheckpointStore(dir.checkpoints),
    clock: systemClock,
    uuid: randomUUID,
    random: Math.random,
    region: deployment.region,
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
    deployment.deliveryStreams.map((spec) =>
      startDeliveryStream(spec, {
        ...ports,
        ...(spec.processor ? { transformer: functionOf(spec.processor.functionArn) } : {}),
        onEvent: (event) => {
          log.delivery(event);
          if (event.kind === 'crashed') fail(event.error);
        },
      }),
    ),
  );
  const mappings = await Promise.all(
    deployment.eventSourceMappings.map((spec) =>
      startEventSourceMapping(spec, { ...ports, target: functionOf(spec.functionArn), onFault: log.fault }),
    ),
  );
  for (const mapping of mappings) mapping.finished.catch(fail);
  const stop = async (): Promise<void> => {
    const ends = [...mappings, ...deliveryStreams].map((application) => application.stop());
    // What ended in a failure has told it already.
    await Promise.allSettled(ends);
  };
  return { mappings, deliveryStreams, failed, stop };
}

/** Adds up counts by name; lags do not add up, the worst one counts. */
function sumStatus<Name extends string>(
  a: Readonly<Record<Name | 'lagMs', number>>,
  b: Readonly<Record<Name | 'lagMs', number>>,
): Record<Name | 'lagMs', number> {
  const sums: Record<Name | 'lagMs', number> = { ...a };
  for (const name of Object.keys(a) as Name[]) sums[name] = a[name] + b[name];
  return { ...sums, lagMs: Math.max(a.lagMs, b.lagMs) };
}
