/** A row of the runbook's table of failures, as it is played on a laptop. */
export interface PlayedRow {
  /** The row's first cell. */
  readonly failure: string;
  /** What `npm start` is given for it to happen. */
  readonly args: readonly string[];
  /** Ids of alarms of the row that must go off. */
  readonly alarms: readonly string[];
  /** The row's command, as arguments of `npm run`; none where the row says to wait. */
  readonly run?: readonly string[];
  /** What `recover list` says when it is done. */
  readonly done?: string;
}

const context = (...pairs: readonly string[]): string[] => pairs.flatMap((pair) => ['-c', pair]);

export const playedRows: readonly PlayedRow[] = [
  {
    failure: 'aggregator crashes at every batch: a bad deploy',
    args: ['--chaos', 'aggregator-crashing', ...context('maxRecordAgeSeconds=120')],
    alarms: ['AggregatorErrors', 'AggregatorBehind', 'BatchesGivenUp'],
    run: ['recover', 'repair', '--all'],
    done: '0 batches that the aggregator gave up',
  },
  {
    failure: 'transformer crashes or times out',
    args: ['--chaos', 'transformer-crashing'],
    alarms: ['TransformerErrors', 'ProcessingFails'],
    run: ['recover', 'backfill'],
    done: '0 objects of records at which the transformer failed',
  },
  {
    failure: 'DynamoDB throttles the table',
    args: ['--chaos', 'table-throttled'],
    alarms: ['TableWritesThrottled'],
  },
  {
    failure: 'the archive bucket refuses',
    args: ['--chaos', 'bucket-refusing'],
    alarms: ['DeliveryFails'],
  },
  {
    failure: 'a shard is full',
    args: ['--chaos', 'shard-full', '--rate', '20'],
    alarms: ['StreamWritesThrottled'],
  },
  {
    failure: 'producers send what is no event',
    args: ['--malformed', '50%', '--rate', '2'],
    alarms: ['InvalidShare'],
    run: ['recover', 'list'],
  },
];
