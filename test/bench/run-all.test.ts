import type { Benchmark } from '../../bench/benchmarks';
import { type Ended, type RunAllOptions, runAll } from '../../bench/run-all';

const measured = async () => {};
const benchmarks: Readonly<Record<string, Benchmark>> = {
  first: { what: 'one thing', run: measured },
  hours: { what: 'memory', takesLong: true, run: measured },
  last: { what: 'another', run: measured },
};

/** @param ends how they end that do not end well, printing `{"x":1}` */
async function play(options: Partial<RunAllOptions>, ends: Readonly<Record<string, Ended>> = {}) {
  const runs: string[][] = [];
  let printed = '';
  let now = 1_000;
  const failed = await runAll(
    benchmarks,
    { json: false, short: false, long: false, ...options },
    {
      run: async (name, args) => {
        runs.push([name, ...args]);
        now += 2_340;
        return ends[name] ?? { code: 0, printed: '{"x":1}\n' };
      },
      print: (text) => {
        printed += text;
      },
      now: () => now,
    },
  );
  return { failed, runs, printed };
}

describe('all benchmarks in a row', () => {
  it('leaves out those that take long, and says so', async () => {
    const { failed, runs, printed } = await play({});

    expect({ failed, runs }).toEqual({ failed: [], runs: [['first'], ['last']] });
    expect(printed).toContain('## first: one thing\n');
    expect(printed).toMatch(/left out, since they take minutes \(--long\): hours\nnone failed\n$/);
  });

  it.each([
    [{ long: true }, [['first'], ['hours'], ['last']]],
    [
      { short: true },
      [
        ['first', '--short'],
        ['hours', '--short'],
        ['last', '--short'],
      ],
    ],
  ])('runs those too with %j', async (options, expected) => {
    expect((await play(options)).runs).toEqual(expected);
  });

  it('goes on after one that fails, and names it', async () => {
    const { failed, runs, printed } = await play({}, { first: { code: 'SIGKILL', printed: '' } });

    expect({ failed, runs }).toEqual({ failed: ['first'], runs: [['first'], ['last']] });
    expect(printed).toMatch(/failed: first\n$/);
  });

  it('prints a line of JSON for each, and takes no JSON for a failure', async () => {
    const { failed, runs, printed } = await play(
      { json: true },
      { last: { code: 0, printed: 'out of memory' } },
    );

    expect({ failed, runs }).toEqual({
      failed: ['last'],
      runs: [
        ['first', '--json'],
        ['last', '--json'],
      ],
    });
    expect(
      printed
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { benchmark: 'first', code: 0, seconds: 2.3, result: { x: 1 } },
      { benchmark: 'hours', leftOut: true },
      { benchmark: 'last', code: 0, seconds: 2.3 },
    ]);
  });
});
