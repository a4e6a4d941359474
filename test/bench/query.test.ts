import { readQuestions } from '../../analytics/questions';
import { runBench } from './run-bench';

interface Output {
  readonly results: readonly { readonly name: string; readonly right: boolean }[];
}

describe('the benchmark of SQL', () => {
  it('gets the same answers from the copy, the plain files and the shell', async () => {
    const { results } = await runBench<Output>('query');
    expect(results.filter(({ right }) => !right)).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual([
      'top pages',
      ...readQuestions().map(({ name }) => name),
    ]);
  }, 120_000);
});
