import fc from 'fast-check';
import { flowOf, neededShards } from '../../cost/flow';
import { traffic } from './cost-factory';

const provisioned = { streamMode: 'provisioned', shardCount: 1 } as const;

describe('The flow of a traffic', () => {
  it.each([
    ['records', { eventsPerSecond: 1_001, eventBytes: 200 }, 2],
    ['records, just', { eventsPerSecond: 1_000, eventBytes: 200 }, 1],
    ['bytes', { eventsPerSecond: 900, eventBytes: 2_223 }, 3],
    ['bytes, just', { eventsPerSecond: 500, eventBytes: 2_000 - 16 }, 1],
    ['bytes with their keys', { eventsPerSecond: 500, eventBytes: 2_000 - 15 }, 2],
    ['packed: bytes alone', { eventsPerSecond: 9_000, eventBytes: 400, packing: 'ndjson' as const }, 4],
  ])('takes shards by %s', (_, overrides, shards) => {
    expect(neededShards(traffic(overrides)).shards).toBe(shards);
    expect(flowOf(traffic(overrides), provisioned).shards).toBe(shards);
  });

  it('says how far each quota is used', () => {
    expect(neededShards(traffic({ eventsPerSecond: 400, eventBytes: 500 - 16 }))).toEqual({
      shards: 1,
      byRecords: 0.4,
      byBytesIn: 0.2,
      byBytesOut: 0.2,
    });
  });

  it('takes shards for the peak and records by the mean', () => {
    const of = flowOf(traffic({ eventsPerSecond: 30, peakEventsPerSecond: 2_900 }), provisioned);

    expect(of).toMatchObject({ shards: 3, recordsPerSecond: 30 });
  });

  it('keeps the shards that the settings ask for', () => {
    expect(flowOf(traffic(), { ...provisioned, shardCount: 6 }).shards).toBe(6);
  });

  it('has four shards on demand, and twice what the peak needs', () => {
    const onDemand = { streamMode: 'on-demand', shardCount: 1 } as const;

    expect(flowOf(traffic({ eventsPerSecond: 2_000 }), onDemand).shards).toBe(4);
    expect(flowOf(traffic({ eventsPerSecond: 2_001 }), onDemand).shards).toBe(6);
  });

  it.each([
    // One, and those of the next 50 ms in its shard.
    ['ndjson' as const, 100, 400, 6, 6 * 401 - 1],
    ['ndjson' as const, 10, 400, 1, 400],
    ['ndjson' as const, 2_000, 400, 62, 62 * 401 - 1],
    ['kpl' as const, 100, 400, 6, 6 * 426 + 20],
    ['kpl' as const, 10, 400, 1, 400],
  ])(
    'packs %s at %d events/s of %d bytes',
    (packing, eventsPerSecond, eventBytes, eventsPerRecord, recordBytes) => {
      const of = flowOf(traffic({ packing, eventsPerSecond, eventBytes }), provisioned);

      expect(of).toMatchObject({
        shards: 1,
        eventsPerRecord,
        recordsPerSecond: eventsPerSecond / eventsPerRecord,
        recordBytes,
      });
    },
  );

  it('gives every shard no more than it takes, whatever comes', () => {
    const some = fc.record({
      eventsPerSecond: fc.double({ min: 0.01, max: 50_000, noNaN: true }),
      eventBytes: fc.integer({ min: 50, max: 262_144 }),
      packing: fc.constantFrom('none' as const, 'ndjson' as const, 'kpl' as const),
    });
    fc.assert(
      fc.property(some, (overrides) => {
        const { shards, recordsPerSecond, recordBytes } = flowOf(traffic(overrides), provisioned);
        expect(recordsPerSecond / shards).toBeLessThanOrEqual(1_000 + 1e-9);
        expect((recordsPerSecond * (recordBytes + 16)) / shards).toBeLessThanOrEqual(1_000_000 + 1e-6);
      }),
    );
  });
});
