import { monthlyCost } from '../../cost/monthly-cost';
import { savingsOf } from '../../cost/savings';
import { prices, settings, traffic } from './cost-factory';

const list = prices;
const savings = (overrides: Parameters<typeof traffic>[0], context: Readonly<Record<string, string>> = {}) =>
  savingsOf(monthlyCost(traffic(overrides), settings(context), list, 1), {
    traffic: traffic(overrides),
    context,
    settings: settings(context),
    list,
    month: 1,
  });

describe('What would lower a bill', () => {
  it('comes with the dollars that one pays less', () => {
    const busy = { eventsPerSecond: 90, packing: 'ndjson' } as const;
    const [first] = savings(busy, { batchingWindowSeconds: '0', uniqueVisitors: 'off' });
    const bill = (batchingWindowSeconds: string) =>
      monthlyCost(traffic(busy), settings({ batchingWindowSeconds, uniqueVisitors: 'off' }), list, 1).dollars;

    expect(first).toEqual({
      option: '-c batchingWindowSeconds=60',
      instead: 'counters are up to a minute behind',
      dollars: bill('0') - bill('60'),
    });
  });

  it('is at most three things, the largest first, and each setting once', () => {
    const told = savings({ eventsPerSecond: 1_100 }, { stage: 'prod', uniqueVisitors: 'page' });

    expect(told.map(({ option }) => option)).toEqual([
      '--pack ndjson',
      '-c streamMode=provisioned -c shardCount=2',
      '-c deduplicationSeconds=0',
    ]);
    const amounts = told.map(({ dollars }) => dollars);
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
  });

  it('leaves out what is so already, and what saves next to nothing', () => {
    const least = {
      batchingWindowSeconds: '300',
      compactionSeconds: '3600',
      uniqueVisitors: 'off',
      transformerBufferSeconds: '900',
      archiveBufferSeconds: '900',
    };

    expect(savings({ eventsPerSecond: 3, packing: 'ndjson' }, least)).toEqual([]);
  });

  it('may be another mode of the stream', () => {
    const peaky = savings({ eventsPerSecond: 20, peakEventsPerSecond: 90_000 }, { shardCount: '90' });

    expect(peaky.map(({ option }) => option)).toContain('-c streamMode=on-demand');
  });
});
