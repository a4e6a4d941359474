import { logPartition } from '../../../domain/counters/table-layout';
import { clickJson } from '../../support/click-factory';
import { type SimulatedPipeline, shardId, type Traffic } from './simulated-pipeline';

/** A failure, and how it ends. */
export interface Scenario {
  /** What the alarms fire at. */
  readonly failure: string;
  /** Ids of the alarms that it is the proof of; others may fire as well. */
  readonly alarms: readonly string[];
  readonly begins: (pipeline: SimulatedPipeline) => Promise<void> | void;
  readonly ends: (pipeline: SimulatedPipeline) => Promise<void> | void;
  /** Minutes until every alarm has fired, at the most (40). */
  readonly within?: number;
  /** What they are when nothing runs any more and no metric has data (OK): to some that is the failure, or no answer. */
  readonly whenSilent?: 'OK' | 'ALARM';
}

const second = 1_000;
const hour = 3_600 * second;

const click = (at: number) => clickJson({ timestamp: new Date(at).toISOString(), page: `/page-${at % 7}` });

/** Twenty clicks a minute, that have just happened. */
export const usualTraffic: Traffic = (now) => Array.from({ length: 20 }, (_, n) => click(now - n * second));

/** Records that have lain in the stream for so long, as a reader finds them that is so far behind. */
const oldRecords = ({ stream, clock }: SimulatedPipeline, ageMs: number, records: number): void => {
  for (let n = 0; n < records; n++) {
    const arrivedAt = clock.now() - ageMs;
    stream.put(shardId, click(arrivedAt), { arrivedAt });
  }
};

const suffers = (profile: Parameters<SimulatedPipeline['suffer']>[0]) => ({
  begins: (pipeline: SimulatedPipeline) => pipeline.suffer(profile),
  ends: (pipeline: SimulatedPipeline) => pipeline.heal(),
});

const receives = (traffic: Traffic) => ({
  begins: (pipeline: SimulatedPipeline) => pipeline.send(traffic),
  ends: (pipeline: SimulatedPipeline) => pipeline.send(usualTraffic),
});

/** Older than any batch may become: the template's own bound is half of the stream's retention at the most. */
const tooOld = ({ deployment }: SimulatedPipeline): number =>
  (deployment.eventSourceMappings[0]!.maximumRecordAgeSeconds + 3_600) * second;

export const scenarios: readonly Scenario[] = [
  {
    failure: 'the aggregator crashes',
    alarms: ['AggregatorErrors', 'AggregatorBehind'],
    ...suffers('aggregator-crashing'),
  },
  {
    failure: 'Lambda has no concurrency left for the aggregator',
    alarms: ['AggregatorThrottled'],
    ...suffers('aggregator-throttled'),
  },
  {
    failure: 'the aggregator comes near its time-out',
    alarms: ['AggregatorSlow'],
    ...suffers({
      faults: [],
      functions: [{ function: 'aggregator', kind: 'slow', probability: 1, delayMs: [55_000, 55_000] }],
    }),
  },
  {
    failure: 'records are too old to be tried',
    alarms: ['BatchesGivenUp'],
    begins: (pipeline) => oldRecords(pipeline, tooOld(pipeline), 3),
    ends: () => {},
  },
  {
    failure: 'records are too old to be tried, and the mapping has lost its destination',
    alarms: ['BatchesDropped'],
    begins: async (pipeline) => {
      await pipeline.changeMapping('without destination');
      oldRecords(pipeline, tooOld(pipeline), 3);
    },
    ends: (pipeline) => pipeline.changeMapping('as deployed'),
  },
  {
    failure: 'the on-failure bucket refuses what is given up',
    alarms: ['OnFailureRefused'],
    begins: async (pipeline) => {
      await pipeline.suffer('bucket-refusing');
      oldRecords(pipeline, tooOld(pipeline), 3);
    },
    ends: (pipeline) => pipeline.heal(),
  },
  {
    failure: 'the table throttles writes',
    alarms: ['TableWritesThrottled', 'CompactionFails'],
    ...suffers('table-throttled'),
  },
  {
    failure: 'the table throttles reads',
    alarms: ['TableReadsThrottled'],
    ...suffers({
      faults: [
        {
          service: 'dynamodb',
          operations: ['GetItem', 'BatchGetItem', 'Query'],
          kind: 'throttle',
          probability: 1,
        },
      ],
    }),
  },
  {
    failure: 'the table fails',
    alarms: ['TableWritesFail', 'TableReadsFail'],
    ...suffers('table-failing'),
  },
  {
    failure: 'the compactor crashes',
    whenSilent: 'ALARM',
    alarms: ['CompactionBehind'],
    ...suffers('compactor-crashing'),
  },
  {
    failure: 'the compactor has too little time',
    whenSilent: 'ALARM',
    alarms: ['CompactionBehind'],
    begins: (pipeline) => pipeline.hurryCompactor(true),
    ends: (pipeline) => pipeline.hurryCompactor(false),
    within: 60,
  },
  {
    failure: 'the compactor crashes every time',
    alarms: ['CompactorErrors'],
    ...suffers('compactor-crashing'),
  },
  {
    failure: 'somebody deletes a delta that is not compacted yet',
    whenSilent: 'ALARM',
    alarms: ['LogGap'],
    begins: loseDelta,
    ends: goOnBehindGap,
  },
  {
    failure: 'half of what comes in is no event',
    alarms: ['InvalidShare'],
    ...receives((now, minute) => [...usualTraffic(now, minute), ...Array(20).fill('{"poison":')]),
  },
  {
    failure: 'half of the events happened hours ago',
    alarms: ['LateShare'],
    ...receives((now, minute) => [
      ...usualTraffic(now, minute),
      ...Array.from({ length: 20 }, () => click(now - 3 * hour)),
    ]),
  },
  {
    failure: 'the archive bucket refuses objects',
    alarms: ['DeliveryFails'],
    ...suffers('bucket-refusing'),
  },
  {
    failure: 'the archive bucket refuses objects for long',
    whenSilent: 'ALARM',
    alarms: ['ArchiveStale'],
    ...suffers('bucket-refusing'),
  },
  {
    failure: 'the transformer crashes',
    alarms: ['TransformerErrors', 'ProcessingFails'],
    ...suffers('transformer-crashing'),
  },
  {
    failure: 'Lambda has no concurrency left for the transformer',
    alarms: ['TransformerThrottled'],
    ...suffers('transformer-throttled'),
  },
  {
    failure: 'a record is packed with more lines than an answer holds',
    alarms: ['RecordsWithoutRoom'],
    begins: ({ stream }) => void stream.put(shardId, '1\n'.repeat(100_000)),
    ends: () => {},
  },
  {
    failure: 'the delivery stream is behind, with more records waiting than one read gives',
    alarms: ['ArchiveBehind'],
    begins: async (pipeline) => {
      pipeline.send((now, minute) => {
        oldRecords(pipeline, 2 * hour, 200);
        return usualTraffic(now, minute);
      });
    },
    ends: (pipeline) => pipeline.send(usualTraffic),
  },
  {
    failure: 'a reader is a third of the retention behind',
    whenSilent: 'ALARM',
    alarms: ['StreamBehind'],
    begins: (pipeline) => {
      const ageMs = (pipeline.deployment.stream.retentionHours / 3) * hour;
      pipeline.send(() => {
        oldRecords(pipeline, ageMs, 20);
        return [];
      });
    },
    ends: (pipeline) => pipeline.send(usualTraffic),
  },
  {
    failure: 'a shard is full',
    alarms: ['StreamWritesThrottled'],
    ...suffers('shard-full'),
  },
  {
    failure: 'the shard is read by eight more consumers',
    alarms: ['StreamReadsThrottled'],
    begins: async (pipeline) => {
      await pipeline.suffer('limits');
      pipeline.read(8);
    },
    ends: async (pipeline) => {
      pipeline.read(0);
      await pipeline.heal();
    },
  },
  {
    failure: 'Kinesis fails at what is put',
    alarms: ['CollectorFails'],
    ...suffers({
      faults: [{ service: 'kinesis', operations: ['PutRecords'], kind: 'error', probability: 1 }],
    }),
  },
  {
    failure: 'the collector crashes',
    alarms: ['CollectorFails'],
    ...suffers('collector-crashing'),
  },
  {
    failure: 'Lambda has no concurrency left for the collector',
    alarms: ['CollectorThrottled'],
    ...suffers('collector-throttled'),
  },
  {
    failure: 'no clicks come in any more',
    whenSilent: 'ALARM',
    alarms: ['NoClicks', 'NothingCounted', 'NothingArchived'],
    ...receives(() => []),
    within: 60,
  },
];

/** A delta goes that the compactor has not read, since it stands still, and that has others behind it. */
async function loseDelta(pipeline: SimulatedPipeline): Promise<void> {
  await pipeline.suffer('compactor-crashing');
  await pipeline.pass(5);
  const lost = deltasOf(pipeline).at(-2)!;
  await pipeline.table.delete({
    TableName: pipeline.deployment.table.name,
    Key: { pk: lost.pk!, sk: lost.sk! },
  });
  await pipeline.heal();
}

/** As the runbook has it, "A gap in the log": the log goes on with the delta that stands behind nothing. */
async function goOnBehindGap(pipeline: SimulatedPipeline): Promise<void> {
  const deltas = deltasOf(pipeline);
  const ends = new Set(deltas.map(({ last }) => last?.S));
  const behindGap = deltas.findLast(({ sk }) => !ends.has(sk?.S))!;
  await pipeline.table.update({
    TableName: pipeline.deployment.table.name,
    Key: { pk: { S: 'shards' }, sk: { S: `${pipeline.deployment.stream.name}/${shardId}` } },
    UpdateExpression: 'SET #to = :y',
    ExpressionAttributeNames: { '#to': 'compactedTo' },
    ExpressionAttributeValues: { ':y': behindGap.sk! },
  });
}

/** The shard's log, the oldest delta first. */
function deltasOf({ table, deployment }: SimulatedPipeline) {
  return table
    .items()
    .filter(({ pk }) => pk?.S === logPartition(`${deployment.stream.name}/${shardId}`))
    .sort((a, b) => (a.sk!.S! < b.sk!.S! ? -1 : 1));
}
