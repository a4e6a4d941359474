import { join } from 'node:path';
import type { AlarmStatus } from '../alarms/alarm-status';
import type { LocalPipeline } from '../cli/local-pipeline';
import { type Clients, createClients } from '../emulators/clients';
import type { DataDir } from '../emulators/data-dir';
import { startEmulators } from '../emulators/start-emulators';
import { createKinesisStreamReader } from './adapters/kinesis-stream-reader';
import type { Agreement } from './agreement/agreement';
import { verifyAgreement } from './agreement/verify';
import { functionLogFile, startApplications, startFunctions } from './applications';
import { systemClock } from './clock';
import type { Deployment } from './deployment';
import { describeEndpoints, writeEndpoints } from './endpoints-file';
import type { MappingStatus } from './event-source-mapping/event-source-mapping';
import { type ChaosOptions, startChaos } from './fault-injection/start-chaos';
import { createFaultLog } from './faults/fault-log';
import type { DeliveryStatus, DeliveryStream } from './firehose/delivery-stream';
import { startFirehoseEndpoint } from './firehose/firehose-endpoint';
import { startAlarmMinutes } from './metrics/alarm-minutes';
import { recordFreshness } from './metrics/delivery-metrics';
import { recordEmbedded } from './metrics/embedded-metrics';
import { tailLog } from './metrics/log-tail';
import { measuredFunction } from './metrics/measured-function';
import { createMetricStore, keptMs } from './metrics/metric-store';
import { wireMetrics } from './metrics/wire-metrics';
import { provision } from './provision';

/** The whole pipeline on this machine. */
export interface Pipeline {
  readonly deployment: Deployment;
  /** For looking at the services themselves, past the faults that are injected, if any are. */
  readonly clients: Clients;
  readonly where: LocalPipeline;
  status(): PipelineStatus;
  /**
   * Resolves when all that is in the stream now is aggregated and archived, and the table's logs are compacted, without
   * waiting for buffers to fill.
   *
   * @param onStep told of each step, in words
   */
  drain(onStep: (text: string) => void): Promise<void>;
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
  /** Until the next object of the archive is stored, at the latest; undefined while nothing waits for one. */
  readonly nextObjectMs: number | undefined;
  /** Whether something waits for the archive for longer than its buffers explain. */
  readonly isArchiveLate: boolean;
  /** Those in ALARM, as the last full minute left them. */
  readonly alarms: readonly AlarmStatus[];
  /** Faults that were injected, by service, operation and kind; undefined if none are to be. */
  readonly injected?: Readonly<Record<string, number>>;
}

export interface PipelineOptions {
  /** First of four ports; 0 lets each service take any free one. */
  readonly port: number;
  /** Exposes everything to faults but the creation of what the templates ask for, and the final comparison. */
  readonly chaos?: ChaosOptions | undefined;
}

/**
 * Starts what a deployment asks for, in the order in which its parts need each other. The delivery stream stands
 * before anybody can produce, since it delivers only what arrives after its creation.
 */
export async function startPipeline(
  deployment: Deployment,
  dir: DataDir,
  { port, chaos: chaosOptions }: PipelineOptions,
): Promise<Pipeline> {
  const log = createFaultLog(join(dir.logs, 'pipeline.log'));
  const closers: (() => Promise<void> | void)[] = [log.close];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const metrics = createMetricStore(systemClock.now, keptMs(deployment.alarms));
    const { record } = metrics;
    const onAnswered = wireMetrics(deployment.stream.name, record);
    const emulators = await startEmulators(
      dir,
      chaosOptions ? 0 : port,
      // What faults do to a request is seen by their proxies only.
      chaosOptions ? undefined : onAnswered,
    );
    closers.push(emulators.close);
    const clients = createClients(emulators.endpoints, deployment.region);
    closers.push(clients.destroy);
    await provision(deployment, clients);

    const chaos =
      chaosOptions &&
      (await startChaos(chaosOptions, {
        endpoints: emulators.endpoints,
        deployment,
        port,
        logFile: join(dir.logs, 'chaos.log'),
        onAnswered,
      }));
    const { endpoints } = chaos ?? emulators;
    const exposed = chaos ? createClients(endpoints, deployment.region) : clients;
    if (chaos) closers.push(chaos.close, exposed.destroy);

    const logs = deployment.functions.map(({ name }) => tailLog(functionLogFile(dir, name)));
    const functions = startFunctions(deployment, dir, endpoints.dynamodb, (fn) =>
      measuredFunction(chaos ? chaos.disturbed(fn) : fn, record, systemClock),
    );
    closers.push(() => Promise.all([...functions.values()].map((fn) => fn.close())).then(() => undefined));
    const applications = await startApplications(deployment, dir, exposed, functions, log, record);
    closers.push(applications.stop);

    const { deliveryStreams, mappings } = applications;
    const firehosePort = port === 0 ? 0 : port + 3;
    const firehose = await startFirehoseEndpoint({ port: firehosePort, streams: deliveryStreams });
    closers.push(firehose.close);
    const where = describeEndpoints(deployment, { ...endpoints, firehose: firehose.endpoint });
    await writeEndpoints(where, dir);

    const alarms = await startAlarmMinutes(deployment.alarms, {
      ...{ metrics, clock: systemClock, file: dir.alarmsFile, onFault: log.fault },
      collect: (at) => {
        for (const tail of logs) for (const line of tail.read()) recordEmbedded(line, record);
        for (const stream of deliveryStreams) recordFreshness(stream, record, at);
      },
    });
    closers.push(alarms.stop);

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
        nextObjectMs: untilNextObject(deliveryStreams),
        isArchiveLate: deliveryStreams.some(isLate),
        alarms: alarms.statuses().filter(({ state }) => state === 'ALARM'),
        ...(chaos ? { injected: chaos.injected() } : {}),
      }),
      drain: async (onStep) => {
        onStep('Delivering what is buffered …');
        await Promise.race([
          Promise.all([...mappings, ...deliveryStreams].map((application) => application.drain())),
          applications.failed,
        ]);
        onStep('Folding what was counted into the items of the table …');
        await applications.compact();
      },
      verify: () => verifyAgreement(deployment, clients, reader),
      stop: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function untilNextObject(streams: readonly DeliveryStream[]): number | undefined {
  const instants = streams.flatMap((stream) => stream.nextObjectAt() ?? []);
  return instants.length === 0 ? undefined : Math.max(Math.min(...instants) - systemClock.now(), 0);
}

/** What storing an object, and reading the stream, may take beside the buffers. */
const slackMs = 10_000;

function isLate({ spec, status }: DeliveryStream): boolean {
  const buffered = (spec.processor?.bufferIntervalSeconds ?? 0) + spec.bufferIntervalSeconds;
  return status().lagMs > buffered * 1000 + slackMs;
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
