import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { watchAlarms } from '../../../alarms/evaluation/alarm-watch';
import { functionLog, metricSource } from '../../../domain/function/function-log';
import { type EventForm, forwarderService } from '../../../lambda/forwarder/contract';
import { forward } from '../../../lambda/forwarder/forward';
import { reportForwarding } from '../../../lambda/forwarder/report';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import { startDeliveryStream } from '../../../local/firehose/delivery-stream';
import type { Destination } from '../../../local/firehose/destinations/destination';
import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { deliveryMetrics, recordFreshness } from '../../../local/metrics/delivery-metrics';
import { recordEmbedded } from '../../../local/metrics/embedded-metrics';
import { measuredFunction, tooManyRequests } from '../../../local/metrics/measured-function';
import { createMetricStore, keptMs } from '../../../local/metrics/metric-store';
import { buildApp } from '../../lib/deployment';
import { destinationContexts } from '../../lib/destination-factory';
import { clickJson } from '../../support/click-factory';
import { createFakeStream } from '../../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createMemoryObjectStore } from '../../support/memory-object-store';
import { createVirtualClock } from '../../support/virtual-clock';
import { alarmId } from './prove';

type Kind = 'http' | 'splunk' | 'opensearch';
type Behaviour = 'well' | 'refusing' | 'forwarder crashing' | 'forwarder throttled' | 'packed' | 'behind';

const shardId = 'shardId-000000000000';

/** What the app's own templates ask for. Retries outlast the failures, as they are meant to. */
function readDestination(kind: Kind) {
  const { app, pipeline } = buildApp({ ...destinationContexts[kind], destinationRetrySeconds: 7_200 });
  try {
    const { alarms, deliveryStreams, archive, functions } = readDeployment(app.synth().directory);
    const own = `${pipeline.destination!.stackName}-`;
    const spec = deliveryStreams.find((stream) => stream !== archive)!;
    const forwarder = functions.find(({ arn }) => arn === spec.processor!.functionArn)!;
    return { spec, forwarder, alarms: alarms.filter(({ name }) => name.startsWith(own)) };
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

const templates = {
  http: readDestination('http'),
  splunk: readDestination('splunk'),
  opensearch: readDestination('opensearch'),
};

async function simulate({ spec, forwarder, alarms }: (typeof templates)['http']) {
  const clock = createVirtualClock();
  const metrics = createMetricStore(clock.now, keptMs(alarms));
  const { record } = metrics;
  const stream = createFakeStream({ clock, shardIds: [shardId] });
  const { EVENT_FORM, ...deployment } = forwarder.environment;
  let behaviour: Behaviour = 'well';
  const log = functionLog(
    metricSource(forwarderService, deployment),
    (line) => recordEmbedded(line, record),
    clock.now,
  );
  const fn: LambdaFunction = {
    ...{ arn: forwarder.arn, name: forwarder.name, roleArn: forwarder.roleArn },
    invoke: async (event) => {
      if (behaviour === 'forwarder throttled')
        throw Object.assign(new Error('Rate Exceeded.'), { name: tooManyRequests });
      if (behaviour === 'forwarder crashing')
        return { kind: 'failed', errorType: 'E', errorMessage: 'm' } as const;
      const forwarding = forward(JSON.parse(event).records, EVENT_FORM as EventForm);
      reportForwarding(forwarding, log);
      return { kind: 'returned', payload: { records: forwarding.answers }, payloadBytes: 9 } as const;
    },
  };
  const destination: Destination = {
    ...{ errorOutputType: 'refused', maxRecords: 1_000, errorDocument: () => ({}) },
    attempt: async ({ records }) =>
      records.map(() =>
        behaviour === 'refusing' ? { refusal: { code: 'No', message: 'no' }, next: 'again' } : 'delivered',
      ),
  };
  const delivery = await clock.until(
    startDeliveryStream(spec, {
      ...{ reader: stream.reader, clock, destination, checkpoints: createMemoryCheckpointStore() },
      transformer: measuredFunction(fn, record, clock),
      objects: createMemoryObjectStore(),
      uuid: () => '00000000-0000-4000-8000-000000000000',
      random: () => 0.5,
      gzip: async (body) => gzipSync(body),
      onEvent: deliveryMetrics(spec, record),
      settings: { pollIntervalMs: 5_000, readLimit: 50 },
    }),
  );
  const watch = watchAlarms(alarms, metrics, clock.now());
  await clock.advance(59_000);
  const send = (): void => {
    const click = (): string => clickJson({ timestamp: new Date(clock.now()).toISOString() });
    if (behaviour === 'packed') stream.put(shardId, `${click()}\n${click()}`);
    const old = { arrivedAt: clock.now() - 2 * 3_600_000 };
    if (behaviour === 'behind') for (let n = 0; n < 200; n++) stream.put(shardId, click(), old);
    for (let n = 0; n < 5; n++) stream.put(shardId, click());
  };
  return {
    become: (next: Behaviour) => {
      behaviour = next;
    },
    stop: () => clock.until(delivery.stop()),
    firingAfter: async (minutes: number): Promise<string[]> => {
      for (let minute = 0; minute < minutes; minute++) {
        send();
        await clock.advance(60_000);
        recordFreshness(delivery, record, clock.now() - 1);
        watch.evaluate(clock.now());
      }
      const firing = watch.statuses().filter(({ state }) => state === 'ALARM');
      return firing.map(({ name }) => alarmId(name)).sort();
    },
  };
}

describe('The alarms of a destination', () => {
  it.each<readonly [Kind, Behaviour, readonly string[]]>([
    ['http', 'refusing', ['DestinationFails', 'DestinationStale']],
    ['splunk', 'refusing', ['DestinationFails', 'DestinationStale']],
    ['opensearch', 'refusing', ['DestinationFails', 'DestinationStale']],
    ['http', 'forwarder crashing', ['ForwarderErrors']],
    ['http', 'forwarder throttled', ['ForwarderThrottled']],
    ['opensearch', 'packed', ['RecordsNotForwarded']],
    ['http', 'packed', []],
    ['http', 'behind', ['DestinationBehind']],
  ])('of %s, when it is %s: %j go off, and are well again after it', async (kind, behaviour, expected) => {
    const pipeline = await simulate(templates[kind]);
    expect(await pipeline.firingAfter(12)).toEqual([]);
    pipeline.become(behaviour);
    expect(await pipeline.firingAfter(40)).toEqual(expect.arrayContaining([...expected]));
    if (expected.length === 0) expect(await pipeline.firingAfter(1)).toEqual([]);
    pipeline.become('well');
    expect(await pipeline.firingAfter(35)).toEqual([]);
    await pipeline.stop();
  });
});
