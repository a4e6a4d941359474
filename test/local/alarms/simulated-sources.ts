import { rmSync } from 'node:fs';
import type { Alarm } from '../../../alarms/evaluation/alarm';
import { watchAlarms } from '../../../alarms/evaluation/alarm-watch';
import { busDetailType } from '../../../contract/bus-events';
import { readStacks } from '../../../local/cloudformation/cloud-assembly';
import { createResolver } from '../../../local/cloudformation/intrinsics';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import { declaredResources, resolveResource } from '../../../local/cloudformation/resource';
import { putEvents } from '../../../local/event-bus/put-events';
import { startEventSourceMapping } from '../../../local/event-source-mapping/event-source-mapping';
import { disturbedFunction, rolesOf } from '../../../local/fault-injection/disturb-function';
import type { ChaosProfile } from '../../../local/fault-injection/profile';
import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { measuredFunction } from '../../../local/metrics/measured-function';
import { createMetricStore, keptMs } from '../../../local/metrics/metric-store';
import { wireMetrics } from '../../../local/metrics/wire-metrics';
import { buildApp } from '../../lib/deployment';
import { clickJson } from '../../support/click-factory';
import { createFakeStream, named } from '../../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { createMemoryObjectStore } from '../../support/memory-object-store';
import { neverAborted } from '../../support/never-aborted';
import { createVirtualClock } from '../../support/virtual-clock';
import { alarmId } from './prove';
import { simulatedFunction } from './simulated-functions';
import { simulatedQueue } from './simulated-queue';
import { simulatedServices } from './simulated-services';

const shardId = 'shardId-000000000000';
const busSource = 'shop.web';
const healthy: ChaosProfile = { faults: [] };

/** What the stack of sources asks for, as the laptop reads the templates that it runs. */
export function readSources() {
  const { app, pipeline } = buildApp({ logSources: true, busSource, deduplicationSeconds: 300 });
  try {
    const { directory } = app.synth();
    const deployment = readDeployment(directory);
    const { stackName } = pipeline.sources!;
    const stacks = readStacks(directory);
    const own = stacks.filter(({ name }) => name === stackName);
    const [rule] = declaredResources(own, ['AWS::Events::Rule']);
    const { Targets } = resolveResource(rule!, createResolver(stacks)).properties;
    const [target] = Targets as unknown as readonly { readonly DeadLetterConfig: { readonly Arn: string } }[];
    const roles = rolesOf(deployment);
    const adapter = deployment.functions.find(({ name }) => roles.get(name) === 'adapter')!;
    const mapping = deployment.eventSourceMappings.find(({ functionArn }) => functionArn === adapter.arn)!;
    return {
      ...{ deployment, adapter, mapping },
      logStream: deployment.streams.find(({ arn }) => arn === mapping.streamArn)!,
      deadLetterQueueArn: target!.DeadLetterConfig.Arn,
      alarms: deployment.alarms.filter(({ name }) => name.startsWith(`${stackName}-`)),
    };
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

type Sources = ReturnType<typeof readSources>;
export type SimulatedSources = Awaited<ReturnType<typeof simulateSources>>;

/** What fails; what is left out is well. */
interface Failing {
  readonly adapter?: ChaosProfile;
  /** The stream of log lines, and the on-failure bucket. */
  readonly logs?: ChaosProfile;
  /** The stream of clicks. */
  readonly clicks?: ChaosProfile;
  /** Whose role has lost its permission to put clicks. */
  readonly forbidden?: 'adapter' | 'rule';
}

/**
 * Both sources on a clock of their own: mapping, adapter, bus and rule as the laptop runs them, around services in memory.
 * The laptop has neither EventBridge's retries nor its queue: what the rule may not put goes into a simulated one at once
 * (EventBridge docs: Using dead-letter queues), under SQS's own metric.
 */
export async function simulateSources(
  { deployment, adapter, mapping, logStream, deadLetterQueueArn }: Sources,
  alarms: readonly Alarm[],
) {
  const clock = createVirtualClock();
  const { now } = clock;
  const metrics = createMetricStore(now, keptMs(alarms));
  const { record } = metrics;
  const objects = createMemoryObjectStore();
  const servicesOf = (streamName: string) => {
    const stream = createFakeStream({ clock, shardIds: [shardId] });
    const onAnswered = wireMetrics([streamName], record);
    const table = { table: createMemoryDynamo(), tableName: deployment.table.name };
    return {
      stream,
      ...simulatedServices({ stream, shardId, streamName, objects, now, onAnswered, ...table }),
    };
  };
  const logs = servicesOf(logStream.name);
  const clicks = servicesOf(deployment.stream.name);
  const queue = simulatedQueue(deadLetterQueueArn, record, now);

  let failing: Failing = {};
  const refuseIfForbidden = (who: Failing['forbidden']): void => {
    if (failing.forbidden !== who) return;
    throw Object.assign(named('AccessDeniedException'), { $metadata: { httpStatusCode: 400 } });
  };
  const ofAdapter = simulatedFunction(adapter, 'adapter', {
    ...{ ...clicks, now, sleep: clock.sleep, print: () => {}, isInHurry: () => false },
    kinesis: {
      send: async (command) => {
        refuseIfForbidden('adapter');
        return clicks.kinesis.send(command);
      },
    },
  });
  const disturbed: LambdaFunction = {
    ...ofAdapter,
    invoke: (event) =>
      disturbedFunction(ofAdapter, 'adapter', {
        ...{ profile: failing.adapter ?? healthy, seed: 's', clock, signal: neverAborted() },
        log: { write: () => {}, counts: () => ({}), close: () => {} },
      }).invoke(event),
  };
  let uuids = 0;
  const uuid = (): string => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`;
  const ports = {
    ...{ clock, record, uuid, reader: logs.reader, objects: logs.objects, region: deployment.region },
    checkpoints: createMemoryCheckpointStore(),
    target: measuredFunction(disturbed, record, clock),
  };
  const start = (spec: typeof mapping) => clock.until(startEventSourceMapping(spec, ports));
  let running = await start(mapping);
  const stop = (): Promise<void> => clock.until(running.stop());
  const change = async (spec: typeof mapping): Promise<void> => {
    await stop();
    running = await start(spec);
  };

  const sendToBus = async (): Promise<void> => {
    const timestamp = new Date(now()).toISOString();
    const event = { Source: busSource, DetailType: busDetailType, Detail: clickJson({ timestamp }) };
    const { body } = await putEvents({ Entries: [event] }, deployment.busRules, {
      ...{ region: deployment.region, accountId: deployment.accountId, uuid, now },
      put: async (_stream, partitionKey, data) => {
        refuseIfForbidden('rule');
        clicks.stream.put(shardId, data, { partitionKey });
      },
    });
    if ((body as { readonly FailedEntryCount: number }).FailedEntryCount > 0) queue.send();
  };

  const watch = watchAlarms(alarms, metrics, now());
  const firing = (): readonly string[] => {
    const found = watch.statuses().filter(({ state }) => state === 'ALARM');
    return found.map(({ name }) => alarmId(name)).sort();
  };
  await clock.advance(59_000);
  return {
    fail: async (next: Failing): Promise<void> => {
      failing = next;
      await logs.expose(next.logs ?? healthy);
      await clicks.expose(next.clicks ?? healthy);
    },
    emptyQueue: queue.empty,
    loseDestination: () => {
      const { onFailureBucket: _, ...without } = mapping;
      return change(without);
    },
    restoreDestination: () => change(mapping),
    /** A record of log lines that is older than any batch may become. */
    putTooOld: (): void => {
      const arrivedAt = now() - (mapping.maximumRecordAgeSeconds + 3_600) * 1_000;
      logs.stream.put(shardId, 'a line', { arrivedAt });
    },
    /** Records in the stream of clicks. */
    clicks: () => clicks.stream.records(shardId).length,
    /** Lets so many minutes pass, in each of which CloudFront puts lines and the bus has an event, and says what is in alarm. */
    pass: async (minutes: number, lines: (at: number) => readonly string[]): Promise<readonly string[]> => {
      for (let minute = 0; minute < minutes; minute++) {
        await logs.putRecords(lines(now()));
        await sendToBus();
        await clock.advance(60_000);
        queue.measure();
        watch.evaluate(now());
      }
      return firing();
    },
    /** The same, when nothing is put or read any more. */
    passSilently: async (minutes: number): Promise<readonly string[]> => {
      await stop();
      for (let minute = 0; minute < minutes; minute++) {
        await clock.advance(60_000);
        queue.measure();
        watch.evaluate(now());
      }
      return firing();
    },
    stop,
  };
}
