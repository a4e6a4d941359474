import { runBench } from '../run-bench';

interface Output {
  readonly results: readonly {
    readonly name: string;
    readonly right: boolean;
    readonly filesLoaded: number;
    readonly importing: { readonly median: number };
    readonly contents: {
      readonly bytes: number;
      readonly gzipBytes: number;
      readonly packages: readonly (readonly [name: string, bytes: number])[];
    };
  }[];
}

describe('the benchmark of the bundles', () => {
  let results: Output['results'];
  const named = (name: string) => results.find((result) => result.name === name)!;
  const packagesOf = (name: string) => named(name).contents.packages.map(([packageName]) => packageName);

  beforeAll(async () => {
    results = (JSON.parse(await runBench('bundles', '--short', '--json')) as Output).results;
  }, 60_000);

  it('calls every contender once, and each answers right', () => {
    expect(results.map(({ name, right }) => [name, right])).toEqual(
      [
        'aggregator',
        'aggregator-source-maps',
        'aggregator-default',
        'sdk-client',
        'compactor',
        'transformer',
        'transformer-default',
        'nothing',
      ].map((name) => [name, true]),
    );
    for (const { importing } of results) expect(importing.median).toBeGreaterThan(0);
  });

  it('finds the SDK in the aggregator’s bundle, and outside of it where CDK leaves it out', () => {
    expect(packagesOf('aggregator')).toContain('@aws-sdk/client-dynamodb');
    expect(named('aggregator').filesLoaded).toBe(1);
    expect(packagesOf('aggregator-default')).not.toContain('@aws-sdk/client-dynamodb');
    expect(named('aggregator-default').filesLoaded).toBeGreaterThan(20);
  });

  it('accounts for nearly every byte of a bundle by package', () => {
    for (const { contents } of results.filter(({ name }) => name !== 'nothing')) {
      const accounted = contents.packages.reduce((sum, [, bytes]) => sum + bytes, 0);
      expect(accounted).toBeLessThanOrEqual(contents.bytes);
      expect(accounted).toBeGreaterThan(0.9 * contents.bytes);
    }
  });

  // Not a measurement: these do not depend on the machine.
  it('holds the bundles to their sizes: the aggregator below 130 KB in gzip, the transformer without an SDK', () => {
    expect(named('aggregator').contents.gzipBytes).toBeLessThan(130_000);
    expect(packagesOf('transformer')).toEqual(['.', '@bufbuild/protobuf', 'isbot']);
    expect(named('transformer').contents.gzipBytes).toBeLessThan(15_000);
  });
});
