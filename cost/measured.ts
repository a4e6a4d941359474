/**
 * What the bill depends on and no price list says: figures of this code, measured, and figures of AWS that nobody
 * publishes, assumed. `docs/cost.md` has the machine and the reasons; a test holds all but CPU time against the code.
 */
export const measured = {
  /** Microseconds of CPU time, measured once. */
  aggregator: { perInvocation: 150, perRecord: 1.7, perEvent: 4.1, perByte: 0.003, perWrite: 560 },
  /** More for an event, by what is asked for: removing duplicates, visitors of the site, or of each page as well. */
  perEventWith: { duplicates: 0.9, total: 0.9, page: 1.5, off: 0 },
  /** An invocation asks for the entries and for a log; an item is put. */
  compactor: { perInvocation: 1_100, perDelta: 126, perItem: 750 },
  transformer: { perInvocation: 10, perRecord: 0, perEvent: 6.4, perByte: 0.0053 },
  /** Bytes that the archive adds to an event, and what gzip leaves of a byte of generated lines. */
  archive: { addedBytes: 233, compressed: 0.127 },
  /** What Parquet with Snappy leaves of a byte of generated lines, as DuckDB writes it; metrics of the copy's alarms. */
  parquet: { compressed: 0.11, alarmMetrics: 9 },
  /** Bytes of log for an invocation, Lambda's own lines included. */
  logBytes: { aggregator: 900, compactor: 870, transformer: 770 },
  /** Metrics that an invocation without bad events sends. */
  embeddedMetrics: { aggregator: 3, compactor: 3, transformer: 2 },
  /** A request of one event; Lambda's own lines, since it prints none for what was taken; metrics of its alarms. */
  collector: { perRequest: 2_000, logBytes: 370, alarmMetrics: 3 },
  /** Of the destination's alarms, and of its forwarder, which else is what the transformer is. */
  destination: { alarmMetrics: 7, embeddedMetrics: 1 },
  /**
   * Of the detector of anomalies (`lib/anomalies/anomaly-detector.ts`), for a shard, once an hour: milliseconds of a vCPU, and
   * read units (825 at 400 clicks an hour on 1,000 pages; where each page is visited in every hour, some 2,000); its line of log
   * and Lambda's, its metrics, and those under an alarm.
   */
  anomalies: {
    ...{ perHour: 1_200, readUnitsPerShard: 2_000, memoryMiB: 1_024, turnsPerHour: 4 },
    ...{ logBytes: 900, embeddedMetrics: 5, alarmMetrics: 6 },
  },
  /** Metrics that the alarms of the hosted dashboard look at. */
  dashboard: { alarmMetrics: 7 },
  /** Microseconds of CPU time for a line of CloudFront's, measured once. */
  adapter: { perLine: 25, logBytes: 620, alarmMetrics: 8 },
  /** Metrics that the alarms look at, each as often as it is looked at; and those of the heartbeat. */
  alarmMetrics: { always: 31, heartbeat: 3 },
} as const;

export const assumed = {
  /** Memory at which a function has one vCPU (AWS docs: Lambda, configure memory). One thread uses no more. */
  vcpuMemoryMiB: 1_769,
  /** Until a call of the table is answered. */
  tableLatencyMs: 5,
  /** Until `PutRecords` of a record is answered. */
  streamLatencyMs: 15,
  /** How the compactor works (`lib/compactor.ts`, `lambda/compactor/compact-all.ts`, `table/compact.ts`). */
  compactionsPerHour: 60,
  shardsAtOnce: 4,
  itemsReadAtOnce: 100,
  itemsWrittenAtOnce: 16,
  /** Metrics of a mapping with EVENT_COUNT for a stream (AWS docs: Types of metrics for Lambda functions). */
  mappingMetrics: 6,
  /** What the alarms of a month send to `alarmEmail`: three each, two messages a time, say. */
  alarmMails: 6 * 27,
  /** Enhanced metrics of a shard (AWS docs: Monitor Kinesis Data Streams with CloudWatch). */
  shardMetrics: 7,
  /** Kinesis asks KMS about once in five minutes for each of producer, aggregator and Firehose. */
  streamKeyRequestsPerHour: 3 * 12,
  /**
   * Of the hosted dashboard: one page that is open for eight hours of 22 days, its twelve questions every five seconds,
   * each two calls of the table and some CPU time (`npm run bench -- dashboard`), by a function of so much memory
   * (`lib/dashboard/query-functions.ts`); and five users. Once a minute one instance asks for the health: a list of alarms,
   * and two metrics.
   */
  dashboard: {
    pageHours: 176,
    requestsPerRefresh: 12,
    refreshSeconds: 5,
    milliseconds: 20,
    memoryMiB: 1_024,
    users: 5,
    healthAsksPerHour: 60,
    metricsRequests: 3,
  },
} as const;
