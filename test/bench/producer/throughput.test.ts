import { runBench } from '../run-bench';

interface Output {
  readonly meanBytes: number;
  readonly results: readonly {
    readonly name: string;
    readonly eventsPerRound: number;
    readonly accepted: boolean;
    readonly recordsPerRound: number;
    readonly perSecond: { readonly median: number };
    readonly connections: number;
    readonly maxInFlight: number;
  }[];
}

describe('the throughput benchmark', () => {
  it('compares contenders that all put every event into the stream, each byte of it', async () => {
    const stdout = await runBench('producer', '--json', '--short');
    const { results, meanBytes } = JSON.parse(stdout) as Output;

    expect(results.map(({ name }) => name)).toEqual([
      'one-put-record',
      'put-records',
      'put-records-kept',
      'ours-none',
      'ours-ndjson',
      'ours-kpl',
      'client-alone',
      'raw-put-records',
      'raw-ready-made',
    ]);
    for (const { name, eventsPerRound, accepted, recordsPerRound, perSecond } of results) {
      expect({ name, accepted }).toEqual({ name, accepted: true });
      expect(perSecond.median).toBeGreaterThan(0);
      const isPacked = ['ours-ndjson', 'ours-kpl', 'raw-ready-made'].includes(name);
      // 16 shards, so a short round leaves a record in each that is not full.
      const most = isPacked ? Math.ceil((eventsPerRound * meanBytes) / 20_000) + 32 : eventsPerRound;
      const least = isPacked ? Math.floor((eventsPerRound * meanBytes) / 25_000) : eventsPerRound;
      expect(recordsPerRound).toBeLessThanOrEqual(most);
      expect(recordsPerRound).toBeGreaterThanOrEqual(least);
    }
    for (const { name, connections, maxInFlight } of results) {
      // The SDK's default client makes one for each request.
      if (!['one-put-record', 'put-records'].includes(name))
        expect(connections).toBeLessThanOrEqual(maxInFlight);
    }
  }, 60_000);
});
