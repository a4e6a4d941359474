import { markdownTable } from '../../bench/markdown-table';
import { mustBeRight } from '../../bench/report';
import { spreadText } from '../../bench/spread';

describe('what benchmarks print', () => {
  it('has figures to the right', () => {
    expect(markdownTable(['', 'ms', 'right'], [['floor', 7, 'yes']])).toBe(
      '|  | ms | right |\n| --- | --: | --: |\n| floor | 7 | yes |',
    );
  });

  it('has the median before the extremes', () => {
    const figures = { median: 1_234.56, least: 7, most: 2_000.04 };
    expect(spreadText(figures, 1)).toBe('1,234.6 (7.0–2,000.0)');
    expect(spreadText(figures, 0)).toBe('1,235 (7–2,000)');
  });
});

describe('a benchmark with outputs', () => {
  afterEach(() => {
    process.exitCode = undefined;
    jest.restoreAllMocks();
  });

  it('fails and names whose are wrong', () => {
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    mustBeRight([
      { name: 'ours', right: true },
      { name: 'blueprint', right: false },
    ]);

    expect(process.exitCode).toBe(1);
    expect(stderr.mock.calls.flat()).toEqual(['bench: wrong output of blueprint\n']);
  });

  it('does not fail if all are right', () => {
    mustBeRight([{ name: 'ours', right: true }]);

    expect(process.exitCode).toBeUndefined();
  });
});
