import { type Contender, compare, resultTable } from '../../bench/compare';
import { markdownTable, report } from '../../bench/report';

const columns = [
  { head: 'ms', figure: 'ms', places: 1 },
  { head: '× peer', figure: 'ms', places: 2, peer: 'peer' },
];

/** Takes so many milliseconds in the rounds, one after the other. */
function contender(name: string, ms: readonly number[], right = true): Contender<number> {
  return { name, what: `what ${name} is`, turn: async (round) => ({ right, figures: { ms: ms[round]! } }) };
}

function measure(contenders: readonly Contender<number>[]) {
  let round = 0;
  return compare(contenders, columns, { warmUps: 1, rounds: 3 }, () => round++);
}

describe('A comparison', () => {
  it('has the median and the extremes of the rounds, without the warm-ups', async () => {
    const [result] = await measure([contender('peer', [900, 7, 1_234.56, 8])]);

    expect(result!.figures).toEqual({ ms: { median: 8, least: 7, most: 1_234.56 } });
  });

  it('divides by the peer in the same round', async () => {
    const results = await measure([
      contender('peer', [1, 10, 100, 1_000]),
      contender('own', [1, 20, 500, 3_000]),
    ]);

    expect(results[1]!.ratios).toEqual({ '× peer': { median: 3, least: 2, most: 5 } });
    expect(resultTable(results, columns)).toBe(
      [
        '|  | ms | × peer | right |',
        '| --- | --: | --: | --: |',
        '| what peer is | 100.0 (10.0–1,000.0) | 1.00 | yes |',
        '| what own is | 500.0 (20.0–3,000.0) | 3.00 | yes |',
      ].join('\n'),
    );
  });

  it('says whose output was wrong in a single turn', async () => {
    const wrongOnce: Contender<number> = {
      ...{ name: 'wrong', what: '' },
      turn: async (round) => ({ right: round !== 2, figures: { ms: 1 } }),
    };
    const results = await measure([contender('peer', [1, 1, 1, 1]), wrongOnce]);

    expect(results.map(({ name, right }) => [name, right])).toEqual([
      ['peer', true],
      ['wrong', false],
    ]);
  });

  it('keeps what contenders print from the output', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const loud: Contender<number> = {
      ...{ name: 'peer', what: '' },
      turn: async () => {
        process.stdout.write('a log line\n');
        return { right: true, figures: { ms: 1 } };
      },
    };
    await measure([loud]);

    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});

describe('A report', () => {
  afterEach(() => {
    process.exitCode = undefined;
    jest.restoreAllMocks();
  });

  it('fails after it was printed, and names whose output was wrong', () => {
    const stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const text = () => markdownTable(['', 'ms'], [['floor', 7]]);
    report({}, {}, text, [{ name: 'ours', right: true }]);
    expect(process.exitCode).toBeUndefined();
    expect(stdout.mock.calls.join()).toContain('\n\n|  | ms |\n| --- | --: |\n| floor | 7 |\n');

    report({ json: true }, { some: 'figures' }, text, [{ name: 'blueprint', right: false }]);
    expect(process.exitCode).toBe(1);
    expect(stderr.mock.calls.flat()).toEqual(['bench: wrong output of blueprint\n']);
    expect(JSON.parse(String(stdout.mock.calls.at(-1)))).toMatchObject({ some: 'figures' });
  });
});
