/** A measurement that can be repeated. */
export interface Benchmark {
  /** A line for the list of them. */
  readonly what: string;
  /** Its own options, beside `--json` and `--short`: each as it is given, and what it does. */
  readonly options?: Readonly<Record<string, string>>;
  /** Many minutes, so that it runs among all the others only if asked for. */
  readonly takesLong?: true;
  /**
   * Measures, and prints what came of it. Sets the exit code if an output was wrong.
   *
   * @param args what follows the benchmark's name, `--json` and `--short` at least; wrong ones are a `SetupError`
   */
  readonly run: (args: readonly string[]) => Promise<void>;
}

/** By name, in the order of the list. Each is loaded only when it is run. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  producer: {
    what: 'events a second beside the SDK’s PutRecord and PutRecords, against a null server',
    options: {
      '--latency MS': 'how long each answer takes (0)',
    },
    run: async (args) => (await import('./producer/throughput')).benchmarkThroughput(args),
  },
  'producer-throttled': {
    what: 'a producer on a stream that takes a twentieth of its quota, its memory watched: ten minutes',
    takesLong: true,
    options: {
      '--minutes N': 'how long (10)',
      '--share X': 'of the quota that the stream takes (0.05)',
      '--pack HOW': 'ndjson, kpl or none (ndjson)',
    },
    run: async (args) => (await import('./producer/throttled')).benchmarkThrottled(args),
  },
  transformer: {
    what: 'whole invocations beside blueprints, and beside handing back what came',
    run: async (args) => (await import('./transformer/invocations')).benchmarkTransformer(args),
  },
  aggregator: {
    what: 'whole invocations beside a Map and a Set, and beside an update of an item for each counter',
    run: async (args) => (await import('./aggregator/invocations')).benchmarkAggregator(args),
  },
  writes: {
    what: 'write units of the table for 1,000 records, by the real code on a table that charges',
    takesLong: true,
    options: {
      '--rate N': 'records a second of one shard (10, 100 and 1,000)',
      '--pages N': 'pages that are visited (1,000; and 100,000 at 1,000 a second)',
      '--page-bytes N': 'of a path (10 to 15)',
      '--late P': 'share of the events that come an hour to a day late (0; and 0.05 at 1,000 a second)',
      '--page-buckets N': 'items that the pages of a window are spread over, instead of the product’s',
      '--visitors off|total|page': 'what distinct visitors are counted for (off)',
      '--deduplicate': 'removes duplicates within five minutes',
      '--minutes N': 'how long (60; 12 at 1,000 a second)',
    },
    run: async (args) => (await import('./writes/writes')).benchmarkWrites(args),
  },
  read: {
    what: 'read units of a dashboard: an hour of everything, read anew and followed, by shards',
    run: async (args) => (await import('./read/read')).benchmarkRead(args),
  },
  dashboard: {
    what: 'answers of the dashboard’s API on this machine: 1,000 pages, 30 days; time and read units',
    takesLong: true,
    run: async (args) => (await import('./dashboard/dashboard')).benchmarkDashboard(args),
  },
  cost: {
    what: 'CPU time of the functions and bytes of the archive, which npm run cost goes by',
    run: async (args) => (await import('./cost/cost')).benchmarkCost(args),
  },
  bundles: {
    what: 'what is in the functions’ bundles, and what their first call takes beside CDK’s default',
    run: async (args) => (await import('./bundles/bundles')).benchmarkBundles(args),
  },
  synth: {
    what: 'cdk synth beside the CLI template’s command and a bare app; the first template in a test',
    run: async (args) => (await import('./synth/synth')).benchmarkSynth(args),
  },
  laptop: {
    what: 'the pipeline of npm start under load: lag, memory, CPU; and its start-up. Ten minutes',
    takesLong: true,
    options: {
      '--rate N': 'events a second (1000)',
      '--minutes N': 'how long (10)',
      '--pack HOW': 'ndjson, kpl or none (none)',
      '--part start-up|sustained': 'one of the two (both)',
      '--profile': 'where the time of the runner goes, by package',
    },
    run: async (args) => (await import('./laptop/laptop')).benchmarkLaptop(args),
  },
};
