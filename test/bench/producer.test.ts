import type { Result } from '../../bench/compare';
import { rightByName, runBench } from './run-bench';

describe('the benchmark of the producer', () => {
  it('compares contenders that all put every event into the stream, each byte of it', async () => {
    const { results, meanBytes } = await runBench<{ results: Result[]; meanBytes: number }>('producer');

    const names = [
      'one-put-record',
      'put-records',
      'put-records-kept',
      'none',
      'ndjson',
      'kpl',
      'client-alone',
    ];
    expect(rightByName(results)).toEqual(Object.fromEntries(names.map((name) => [name, true])));
    for (const { name, figures } of results) {
      const events = name === 'one-put-record' ? 5 : 1_200;
      expect(figures.perSecond!.median).toBeGreaterThan(0);
      const isPacked = name === 'ndjson' || name === 'kpl';
      // 16 shards, so a short round leaves a record in each that is not full.
      const most = isPacked ? Math.ceil((events * meanBytes) / 20_000) + 32 : events;
      expect(figures.records!.median).toBeLessThanOrEqual(most);
      // The SDK's default client makes a connection for each request.
      if (!['one-put-record', 'put-records'].includes(name))
        expect(figures.connections!.most).toBeLessThanOrEqual(5);
    }
  }, 90_000);
});
