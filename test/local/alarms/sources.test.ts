import type { Alarm } from '../../../alarms/evaluation/alarm';
import type { ChaosProfile } from '../../../local/fault-injection/profile';
import { realtimeLine } from '../../lambda/adapter/log-record-factory';
import { alarmId } from './prove';
import { readSources, type SimulatedSources, simulateSources } from './simulated-sources';

interface Failure {
  readonly begins: (sources: SimulatedSources) => Promise<void> | void;
  /** All is well again, unless more is to be done. */
  readonly ends?: (sources: SimulatedSources) => Promise<void> | void;
  /** What goes off, and nothing else. */
  readonly firing: readonly string[];
  /** What stays in alarm when nothing is put or read any more for longer than SQS sends metrics; nothing. */
  readonly silent?: readonly string[];
}

let requests = 0;
const lines = (at: number) =>
  Array.from({ length: 5 }, () => {
    const id = `request-${++requests}`;
    return realtimeLine({
      timestamp: (at / 1_000).toFixed(3),
      'x-edge-request-id': id,
      'c-ip': `203.0.113.${requests % 5}`,
    });
  });

const always = (kind: 'crash' | 'throttle'): ChaosProfile => ({
  faults: [],
  functions: [{ function: 'adapter', kind, probability: 1 }],
});
const fullShard: ChaosProfile = { faults: [], shardLimits: { recordsPerSecond: 0.001 } };
const refusingBucket: ChaosProfile = { faults: [{ service: 's3', kind: 'error', probability: 1 }] };

const failures: Readonly<Record<string, Failure>> = {
  'the adapter crashes': {
    begins: ({ fail }) => fail({ adapter: always('crash') }),
    firing: ['AdapterBehind', 'AdapterErrors'],
  },
  'the adapter may not put': {
    begins: ({ fail }) => fail({ forbidden: 'adapter' }),
    firing: ['AdapterBehind'],
  },
  'the stream of clicks takes nothing': {
    begins: ({ fail }) => fail({ clicks: fullShard }),
    firing: ['AdapterBehind'],
  },
  'Lambda has no concurrency left for the adapter': {
    begins: ({ fail }) => fail({ adapter: always('throttle') }),
    firing: ['AdapterBehind', 'AdapterThrottled'],
  },
  'log lines are too old to be tried': {
    begins: ({ putTooOld }) => putTooOld(),
    firing: ['LogRecordsGivenUp'],
  },
  'log lines are too old to be tried, and the mapping has lost its destination': {
    begins: async ({ loseDestination, putTooOld }) => {
      await loseDestination();
      putTooOld();
    },
    ends: ({ restoreDestination }) => restoreDestination(),
    firing: ['LogRecordsDropped'],
  },
  'the on-failure bucket refuses what is given up': {
    begins: async ({ fail, putTooOld }) => {
      await fail({ logs: refusingBucket });
      putTooOld();
    },
    firing: ['LogOnFailureRefused'],
  },
  'the stream of log lines is full': {
    begins: ({ fail }) => fail({ logs: fullShard }),
    firing: ['LogWritesThrottled'],
  },
  'EventBridge may not put': {
    begins: ({ fail }) => fail({ forbidden: 'rule' }),
    // The cause is gone, and what lies in the queue has been put again.
    ends: async ({ fail, emptyQueue }) => {
      await fail({});
      emptyQueue();
    },
    firing: ['BusEventsGivenUp'],
    silent: ['BusEventsGivenUp'],
  },
};

const sources = readSources();
const { deployment } = sources;

/** A name that stands near, and is not the alarm's. */
const otherThings: Readonly<Record<string, string>> = {
  FunctionName: deployment.functions.find(({ arn }) => arn === deployment.aggregatorMapping.functionArn)!
    .name,
  EventSourceMappingUUID: deployment.aggregatorMapping.uuid,
  StreamName: deployment.stream.name,
  QueueName: sources.deadLetterQueueArn,
};
const ofAnotherThing = (alarm: Alarm): Alarm => ({
  ...alarm,
  metrics: new Map(
    [...alarm.metrics].map(([id, { metric, statistic }]) => {
      const [name] = Object.keys(metric.dimensions);
      return [id, { statistic, metric: { ...metric, dimensions: { [name!]: otherThings[name!]! } } }];
    }),
  ),
});
/** As it would be in another unit. */
const outOfReach = (alarm: Alarm): Alarm => ({ ...alarm, threshold: (alarm.threshold + 1) * 1_000 });

describe('The alarms of the sources', () => {
  it('are proven each', () => {
    const proven = Object.values(failures).flatMap(({ firing }) => firing);
    expect([...new Set(proven)].sort()).toEqual(sources.alarms.map(({ name }) => alarmId(name)).sort());
  });

  it.each(Object.entries(failures))(
    'go off when %s, and are well again after it',
    async (_what, { begins, ends = ({ fail }) => fail({}), firing, silent = [] }) => {
      const simulated = await simulateSources(sources, sources.alarms);
      const before = await simulated.pass(5, lines);
      await begins(simulated);
      const during = await simulated.pass(12, lines);
      await ends(simulated);
      const after = await simulated.pass(25, lines);
      await begins(simulated);
      await simulated.pass(12, lines);
      const states = { before, during, after, silent: await simulated.passSilently(7 * 60) };
      expect(states).toEqual({ before: [], during: firing, after: [], silent });
    },
  );

  it.each(Object.entries(failures))(
    'are not proven, when %s, by another thing’s metrics or a threshold in another unit',
    async (_what, { begins, firing }) => {
      const own = sources.alarms.filter(({ name }) => firing.includes(alarmId(name)));
      const simulated = await simulateSources(sources, [...own.map(ofAnotherThing), ...own.map(outOfReach)]);
      await simulated.pass(1, lines);
      await begins(simulated);
      expect(await simulated.pass(12, lines)).toEqual([]);
      await simulated.stop();
    },
  );

  it('do not go off at lines that are no events, which the adapter puts as they are', async () => {
    const simulated = await simulateSources(sources, sources.alarms);
    const firing = await simulated.pass(12, () => ['no line of any log', 'a\tb\tc', '{"half":']);
    expect(firing).toEqual([]);
    // With the event of the bus.
    expect(simulated.clicks()).toBe(12 * (3 + 1));
    await simulated.stop();
  });
});
