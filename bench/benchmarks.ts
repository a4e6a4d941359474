/** A measurement that can be repeated. */
export interface Benchmark {
  /** A line for the list of them. */
  readonly what: string;
  /** Its own options, beside `--json` and `--short`: each as it is given, and what it does. */
  readonly options?: Readonly<Record<string, string>>;
  /**
   * Measures, and prints the result. Sets the exit code if an output was wrong.
   *
   * @param args what follows the benchmark's name; wrong ones are a `SetupError`
   */
  readonly run: (args: readonly string[]) => Promise<void>;
}

/** By name, in the order of the list. Each is loaded only when it is run. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  producer: {
    what: 'events a second beside the SDK’s PutRecord and PutRecords, into a server that takes everything',
    options: { '--latency MS': 'how long each answer takes (0)' },
    run: async (args) => (await import('./producer/producer')).benchmarkProducer(args),
  },
  functions: {
    what: 'whole invocations of aggregator and transformer beside what samples do, and beside doing nothing',
    options: { '--only NAME': 'aggregator or transformer (both)' },
    run: async (args) => (await import('./functions/functions')).benchmarkFunctions(args),
  },
  collector: {
    what: 'requests of the collector’s function beside a peer’s design, and its cold start',
    run: async (args) => (await import('./collector/collector')).benchmarkCollector(args),
  },
  writes: {
    what: 'write units of the table for 1,000 records, by the real code on a table that charges',
    options: {
      '--rate N': 'records a second of one shard (10, 100 and 1,000)',
      '--pages N': 'pages that are visited (1,000; and 100,000 at 1,000 a second)',
      '--late P': 'share of the events that come an hour to a day late (0; and 0.05 at 1,000 a second)',
      '--visitors off|total|page': 'what distinct visitors are counted for (off)',
      '--deduplicate': 'removes duplicates within five minutes',
      '--minutes N': 'how long (60; 12 at 1,000 a second)',
    },
    run: async (args) => (await import('./writes/writes')).benchmarkWrites(args),
  },
  dashboard: {
    what: 'answers of the dashboard’s API on this machine: 1,000 pages, 30 days; time and read units',
    run: async (args) => (await import('./dashboard/dashboard')).benchmarkDashboard(args),
  },
  query: {
    what: 'questions in SQL over a million events, beside DuckDB over the plain files, and zcat and jq',
    run: async (args) => (await import('./query/query')).benchmarkQuery(args),
  },
  anomalies: {
    what: 'faults that are found in generated weeks, and false alarms, beside detectors without seasons; NAB as well',
    options: { '--nab FOLDER': 'a checkout of the Numenta Anomaly Benchmark' },
    run: async (args) => (await import('./anomalies/anomalies')).benchmarkAnomalies(args),
  },
  laptop: {
    what: 'npm start: its start-up beside its emulators’, and ten minutes of load: lag, memory, CPU',
    options: {
      '--rate N': 'events a second (1000)',
      '--minutes N': 'how long (10)',
      '--pack HOW': 'ndjson, kpl or none (none)',
    },
    run: async (args) => (await import('./laptop/laptop')).benchmarkLaptop(args),
  },
  synth: {
    what: 'cdk synth beside the CLI template’s command and a bare app; the first template in a test',
    run: async (args) => (await import('./synth/synth')).benchmarkSynth(args),
  },
};
