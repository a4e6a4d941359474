import { join } from 'node:path';
import type { AlarmStatus } from '../alarms/alarm-status';
import type { LocalPipeline } from '../cli/local-pipeline';
import { type Clients, createClients } from '../emulators/clients';
import type { DataDir } from '../emulators/data-dir';
import { startEmulators } from '../emulators/start-emulators';
import type { Agreement } from '../reconcile/agreement';
import { createKinesisStreamReader } from './adapters/kinesis-stream-reader';
import { verifyAgreement } from './agreement';
import { startApplications, startFunctions } from './applications';
import { systemClock } from './clock';
import { startCollector } from './collector';
import { startLocalDashboard } from './dashboard';
import type { Deployment } from './deployment';
import type { DestinationAccess } from './destination';
import { describeEndpoints, writeEndpoints } from './endpoints-file';
import { startEventBus } from './event-bus/start-event-bus';
import type { EventSourceMapping, MappingStatus } from './event-source-mapping/event-source-mapping';
import { type ChaosOptions, startChaos } from './fault-injection/start-chaos';
import { createFaultLog } from './faults/fault-log';
import type { DeliveryStatus, DeliveryStream } from './firehose/delivery-stream';
import { startFirehoseEndpoint } from './firehose/firehose-endpoint';
import { startMeasuring } from './metrics/measuring';
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
  readonly aggregator: MappingStatus;
  readonly archive: DeliveryStatus;
  /** What reads a stream beside those two. */
  readonly others: readonly OtherStatus[];
  /** Until the next object of the archive is stored, at the latest; undefined while nothing waits for one. */
  readonly nextObjectMs: number | undefined;
  /** Whether something waits for the archive for longer than its buffers explain. */
  readonly isArchiveLate: boolean;
  /** Those in ALARM, as the last full minute left them. */
  readonly alarms: readonly AlarmStatus[];
  /** Faults that were injected, by service, operation and kind; undefined if none are to be. */
  readonly injected?: Readonly<Record<string, number>>;
}

/** An application of which the laptop knows no more than that it reads a stream. */
export interface OtherStatus {
  /** The application, as the laptop's status calls it. */
  readonly name: string;
  /** Age of the oldest record that was read and is not done with. */
  readonly lagMs: number;
  /** Records that were given up in this run. */
  readonly discarded: number;
}

export interface PipelineOptions {
  /** First of seven ports; 0 lets each service take any free one. */
  readonly port: number;
  /** Exposes everything to faults but the creation of what the templates ask for, and the final comparison. */
  readonly chaos?: ChaosOptions | undefined;
  /** What a delivery stream with a destination other than S3 delivers to. */
  readonly destination?: DestinationAccess | undefined;
}

/**
 * Starts what a deployment asks for, in the order in which its parts need each other. The delivery stream stands
 * before anybody can produce, since it delivers only what arrives after its creation.
 */
export async function startPipeline(
  deployment: Deployment,
  dir: DataDir,
  { port, chaos: chaosOptions, destination }: PipelineOptions,
): Promise<Pipeline> {
  const log = createFaultLog(join(dir.logs, 'pipeline.log'));
  const closers: (() => Promise<void> | void)[] = [log.close];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const measuring = startMeasuring(deployment, dir, systemClock);
    // What faults do to a request is seen by their proxies only.
    const emulators = await (chaosOptions
      ? startEmulators(dir, 0)
      : startEmulators(dir, port, measuring.onAnswered));
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
        onAnswered: measuring.onAnswered,
      }));
    const { endpoints } = chaos ?? emulators;
    const exposed = chaos ? createClients(endpoints, deployment.region) : clients;
    if (chaos) closers.push(chaos.close, exposed.destroy);

    const functions = startFunctions(deployment, dir, endpoints, (fn) =>
      measuring.measured(chaos ? chaos.disturbed(fn) : fn),
    );
    closers.push(() => Promise.all([...functions.values()].map((fn) => fn.close())).then(() => undefined));
    const applications = await startApplications(deployment, dir, {
      ...{ clients: exposed, functions, log, record: measuring.record, destination },
    });
    closers.push(applications.stop);

    const { deliveryStreams, mappings } = applications;
    const aggregator = mappings.find(({ spec }) => spec === deployment.aggregatorMapping)!;
    const archive = deliveryStreams.find(({ spec }) => spec === deployment.archive)!;
    const portAt = (offset: number): number => (port === 0 ? 0 : port + offset);
    const firehose = await startFirehoseEndpoint({ port: portAt(3), streams: deliveryStreams });
    closers.push(firehose.close);
    const alarms = await measuring.startAlarms(deliveryStreams, log.fault);
    closers.push(alarms.stop);
    const dashboard = await startLocalDashboard(portAt(4), {
      deployment,
      dataDir: dir.path,
      clients,
      mappings,
      deliveryStreams,
      alarms: alarms.statuses,
    });
    closers.push(dashboard.close);
    const collector = await startCollector(portAt(5), deployment, functions, measuring.record);
    if (collector) closers.push(collector.close);
    const eventBus = await startEventBus(portAt(6), deployment, {
      kinesis: exposed.kinesis,
      clock: systemClock,
      onFault: log.fault,
    });
    if (eventBus) closers.push(eventBus.close);
    const where = describeEndpoints(deployment, {
      ...endpoints,
      firehose: firehose.endpoint,
      dashboard: dashboard.address,
      ...(collector && { collector: collector.address }),
      ...(eventBus && { eventBridge: eventBus.endpoint }),
    });
    await writeEndpoints(where, dir);

    const reader = createKinesisStreamReader(clients.kinesis, deployment.stream.name);
    return {
      deployment,
      clients,
      where,
      failed: applications.failed,
      status: () => ({
        faults: log.count(),
        aggregator: aggregator.status(),
        archive: archive.status(),
        others: [
          ...mappings.filter((mapping) => mapping !== aggregator).map(otherMapping),
          ...deliveryStreams.filter((stream) => stream !== archive).map(otherDelivery),
        ],
        nextObjectMs: untilNextObject(archive),
        isArchiveLate: isLate(archive),
        alarms: alarms.statuses().filter(({ state }) => state === 'ALARM'),
        ...(chaos ? { injected: chaos.injected() } : {}),
      }),
      drain: async (onStep) => {
        onStep('Delivering what is buffered …');
        const drainAll = () =>
          Promise.all([...mappings, ...deliveryStreams].map((application) => application.drain()));
        // An application may put into one stream what it reads from another: the longest way leads through all of them.
        for (const _ of deployment.streams) await Promise.race([drainAll(), applications.failed]);
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

function untilNextObject(stream: DeliveryStream): number | undefined {
  const at = stream.nextObjectAt();
  return at === undefined ? undefined : Math.max(at - systemClock.now(), 0);
}

/** What storing an object, and reading the stream, may take beside the buffers. */
const slackMs = 10_000;

function isLate({ spec, status }: DeliveryStream): boolean {
  const buffered = (spec.processor?.bufferIntervalSeconds ?? 0) + spec.bufferIntervalSeconds;
  return status().lagMs > buffered * 1000 + slackMs;
}

function otherMapping({ spec, status }: EventSourceMapping): OtherStatus {
  const { lagMs, discarded } = status();
  return { name: spec.application, lagMs, discarded };
}

function otherDelivery({ spec, status }: DeliveryStream): OtherStatus {
  const { lagMs, errorRecords } = status();
  return { name: spec.application, lagMs, discarded: errorRecords };
}
