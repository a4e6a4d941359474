import { gzipSync } from 'node:zlib';
import type { AlarmState, AlarmStatus } from '../../../alarms/alarm-status';
import { watchAlarms } from '../../../alarms/evaluation/alarm-watch';
import type { DeliveryStreamSpec, Deployment, EventSourceMappingSpec } from '../../../local/deployment';
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from '../../../local/event-source-mapping/event-source-mapping';
import { disturbedFunction, rolesOf } from '../../../local/fault-injection/disturb-function';
import type { ChaosProfile } from '../../../local/fault-injection/profile';
import { profiles } from '../../../local/fault-injection/profiles';
import { type DeliveryStream, startDeliveryStream } from '../../../local/firehose/delivery-stream';
import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { invokeByUrl } from '../../../local/function-url/invoke-by-url';
import { deliveryMetrics, recordFreshness } from '../../../local/metrics/delivery-metrics';
import { recordEmbedded } from '../../../local/metrics/embedded-metrics';
import { measuredFunction } from '../../../local/metrics/measured-function';
import { measuredReader } from '../../../local/metrics/measured-reader';
import { createMetricStore, keptMs } from '../../../local/metrics/metric-store';
import { urlMetrics } from '../../../local/metrics/url-metrics';
import { wireMetrics } from '../../../local/metrics/wire-metrics';
import { startSchedule } from '../../../local/schedule/schedule';
import { clickJson } from '../../support/click-factory';
import { createFakeStream, type FakeStream } from '../../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createMemoryDynamo, type MemoryDynamo } from '../../support/memory-dynamo';
import { createMemoryObjectStore } from '../../support/memory-object-store';
import { neverAborted } from '../../support/never-aborted';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock';
import { simulatedFunction } from './simulated-functions';
import { simulatedServices } from './simulated-services';

const minuteMs = 60_000;
export const shardId = 'shardId-000000000000';

/** What comes in within a minute, put by one call; `minute` counts from the start. */
export type Traffic = (now: number, minute: number) => readonly string[];

/** A pipeline of the templates on a clock of its own: the laptop's parts around services that are in memory. */
export interface SimulatedPipeline {
  readonly deployment: Deployment;
  readonly clock: VirtualClock;
  readonly stream: FakeStream;
  readonly table: MemoryDynamo;
  /** Lets so many minutes pass, with traffic, and evaluates the alarms after each; ends as soon as `until` holds. */
  pass(minutes: number, until?: () => boolean): Promise<void>;
  /** From now on this comes in each minute. */
  send(traffic: Traffic): void;
  /** From now on everything meets the faults of a profile, of a name that `--chaos` knows or of one's own. */
  suffer(profile: keyof typeof profiles | ChaosProfile): Promise<void>;
  /** No faults any more. */
  heal(): Promise<void>;
  /** Deploys the mapping anew, with or without its on-failure destination. */
  changeMapping(to: 'as deployed' | 'without destination'): Promise<void>;
  /** Stops all that reads and writes, and the traffic: no metric has data any more. */
  fallSilent(): Promise<void>;
  /** Gives the compactor time to read a log, and none to compact it; or enough of it. */
  hurryCompactor(inHurry: boolean): void;
  /** Further consumers of the shard, which each read once a second. */
  read(consumers: number): void;
  state(alarmName: string): AlarmState;
  statuses(): readonly AlarmStatus[];
  stop(): Promise<void>;
}

export async function startSimulatedPipeline(deployment: Deployment): Promise<SimulatedPipeline> {
  const clock = createVirtualClock();
  const { now } = clock;
  const metrics = createMetricStore(now, keptMs(deployment.alarms));
  const { record } = metrics;
  const stream = createFakeStream({ clock, shardIds: [shardId] });
  const table = createMemoryDynamo();
  const checkpoints = createMemoryCheckpointStore();
  const { name: streamName } = deployment.stream;
  const services = simulatedServices({
    ...{ stream, shardId, streamName, table, now },
    tableName: deployment.table.name,
    objects: createMemoryObjectStore(),
    onAnswered: wireMetrics([streamName], record),
  });

  let profile: ChaosProfile = { faults: [] };
  let inHurry = false;
  const roles = rolesOf(deployment);
  const functions = new Map(
    deployment.functions.map((spec) => {
      const print = (line: string): void => recordEmbedded(line, record);
      const role = roles.get(spec.name)!;
      const ports = { now, sleep: clock.sleep, ...services, print, isInHurry: () => inHurry };
      const fn = simulatedFunction(spec, role, ports);
      const log = { write: () => {}, counts: () => ({}), close: () => {} };
      const exposed: LambdaFunction = {
        ...fn,
        invoke: (event) =>
          disturbedFunction(fn, role, { profile, seed: 's', clock, signal: neverAborted(), log }).invoke(
            event,
          ),
      };
      return [spec.arn, measuredFunction(exposed, record, clock)] as const;
    }),
  );
  const target = (arn: string): LambdaFunction => functions.get(arn)!;

  let uuids = 0;
  const ports = {
    ...{ checkpoints, clock, record, region: deployment.region },
    reader: measuredReader(services.reader, streamName, record, clock),
    objects: services.objects,
    uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
  };
  const [mappingSpec] = deployment.eventSourceMappings;
  const [deliverySpec] = deployment.deliveryStreams;
  const startMapping = (spec: EventSourceMappingSpec): Promise<EventSourceMapping> =>
    clock.until(startEventSourceMapping(spec, { ...ports, target: target(spec.functionArn) }));
  const startDelivery = (spec: DeliveryStreamSpec): Promise<DeliveryStream> =>
    clock.until(
      startDeliveryStream(spec, {
        ...ports,
        transformer: target(spec.processor!.functionArn),
        random: () => 0.5,
        gzip: async (body) => gzipSync(body),
        onEvent: deliveryMetrics(spec, record),
        // Few polls, since each costs the test time; and an answer is full soon.
        settings: { pollIntervalMs: 5_000, readLimit: 50 },
      }),
    );
  const startParts = async () => ({
    mapping: await startMapping(mappingSpec!),
    delivery: await startDelivery(deliverySpec!),
    schedules: await clock.until(
      Promise.all(
        deployment.schedules.map((spec) =>
          startSchedule(spec, { ...ports, target: target(spec.functionArn), onFault: () => {} }),
        ),
      ),
    ),
  });
  let parts: Awaited<ReturnType<typeof startParts>> | undefined = await startParts();
  const stopParts = async (): Promise<void> => {
    if (!parts) return;
    const { mapping, delivery, schedules } = parts;
    parts = undefined;
    await clock.until(Promise.all([mapping, delivery, ...schedules].map((part) => part.stop())));
  };

  const watch = watchAlarms(deployment.alarms, metrics, now());
  let traffic: Traffic = () => [];
  let consumers = 0;
  let minute = 0;
  const readBeside = async (): Promise<void> => {
    for (let second = 0; second < 60 && consumers > 0; second++) {
      for (let n = 0; n < consumers; n++) await services.reader.read(stranger, 1).catch(() => {});
      await clock.sleep(1_000);
    }
  };
  const [url] = deployment.functionUrls;
  const onAnswered = urlMetrics(target(url!.functionArn).name, record);
  /** Somebody looks at a page, whose browser tells the collector. */
  const visit = async (): Promise<void> => {
    const { visitorId: _, ...view } = JSON.parse(clickJson({ timestamp: new Date(now()).toISOString() }));
    const { status } = await invokeByUrl(target(url!.functionArn), {
      ...{ method: 'POST', target: '/events', address: '203.0.113.7', at: now() },
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from(JSON.stringify({ events: [view] })),
    });
    if (status === 400 || status === 415) throw new Error(`the collector refuses a page view with ${status}`);
    onAnswered(status);
  };
  const stranger = await services.reader.getIterator(shardId, { type: 'LATEST' });

  // A look at the alarms comes just before a minute is over: what stands still then has left none half measured.
  await clock.advance(59_000);
  return {
    ...{ deployment, clock, stream, table },
    pass: async (minutes, until = () => false) => {
      for (let n = 0; n < minutes && !until(); n++) {
        const texts = traffic(now(), minute++);
        await services.putRecords(texts);
        if (texts.length > 0) void visit();
        void readBeside();
        await clock.advance(minuteMs);
        if (parts) recordFreshness(parts.delivery, record, now() - 1);
        watch.evaluate(now());
      }
    },
    send: (next) => {
      traffic = next;
    },
    suffer: async (next) => {
      profile = typeof next === 'string' ? profiles[next] : next;
      await services.expose(profile);
    },
    heal: async () => {
      profile = { faults: [] };
      await services.expose(profile);
    },
    changeMapping: async (to) => {
      await clock.until(parts!.mapping.stop());
      const { onFailureBucket: _, ...without } = mappingSpec!;
      parts!.mapping = await startMapping(to === 'as deployed' ? mappingSpec! : without);
    },
    fallSilent: async () => {
      traffic = () => [];
      consumers = 0;
      await stopParts();
    },
    hurryCompactor: (next) => {
      inHurry = next;
    },
    read: (next) => {
      consumers = next;
    },
    state: (alarmName) => {
      const found = watch.statuses().find(({ name }) => name === alarmName);
      if (!found) throw new Error(`there is no alarm ${alarmName}`);
      return found.state;
    },
    statuses: watch.statuses,
    stop: stopParts,
  };
}
