import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changed, siteHours } from '../support/hour-counts';
import { temporaryFolder } from '../support/temporary-folder';
import { runBench } from './run-bench';

interface Row {
  readonly series: string;
  readonly detector: string;
  readonly windows: number;
  readonly found: number;
  readonly falseAlarms: number;
  readonly weeks: number;
}

interface Output {
  readonly rows: readonly Row[];
  readonly faults: readonly (readonly [name: string, found: string])[];
  readonly nab: readonly Row[];
}

const begin = Date.UTC(2015, 1, 26, 21);

/** A series as NAB has them: a value every half hour. */
function csvOf(counts: readonly number[]): string {
  const lines = counts.flatMap((count, hour) =>
    [0, 30].map((minute) => {
      const time = new Date(begin + hour * 3_600_000 + minute * 60_000).toISOString();
      return `${time.slice(0, 19).replace('T', ' ')},${count / 2}`;
    }),
  );
  return ['timestamp,value', ...lines].join('\n');
}

function labelOf(from: number, to: number): string[] {
  return [from, to].map(
    (hour) => `${new Date(begin + hour * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')}.000000`,
  );
}

describe('the benchmark of anomalies', () => {
  const nab = temporaryFolder('nab');

  it('finds most faults of generated weeks, seldom alarms without one, and reads NAB', async () => {
    for (const name of ['labels', 'data/realTweets', 'data/realKnownCause']) {
      mkdirSync(join(nab, name), { recursive: true });
    }
    const usual = siteHours('mentions', 5, 300);
    const tweets = changed(usual, 700, 4, (count) => 6 * count);
    writeFileSync(join(nab, 'data/realTweets/a.csv'), csvOf(tweets));
    writeFileSync(join(nab, 'data/realTweets/b.csv'), csvOf(usual));
    writeFileSync(
      join(nab, 'labels/combined_windows.json'),
      JSON.stringify({
        'realTweets/b.csv': [labelOf(40, 60), labelOf(500, 520)],
        'realTweets/a.csv': [labelOf(690, 720)],
        'realKnownCause/machine_temperature.csv': [labelOf(1, 2)],
      }),
    );

    const output = await runBench<Output>('anomalies', '--nab', nab);
    const [seasonal, twoAverages] = output.rows;
    expect(seasonal!.found).toBeGreaterThan(twoAverages!.found);
    expect(output.faults).toContainEqual(['the site stops for an hour', '1 of 1']);
    expect(output.faults).toContainEqual(['a fifth of all events is lost for a day', '0 of 1']);
    const ours = output.nab.filter(({ detector }) => detector === seasonal!.detector);
    expect(ours).toMatchObject([
      // The first week is left out, and so is its window.
      { series: 'all', windows: 2, found: 1, falseAlarms: 0, weeks: 8 },
      { series: 'first, third, …', windows: 1, found: 1, weeks: 4 },
      { series: 'second, fourth, …', windows: 1, found: 0, weeks: 4 },
    ]);
  }, 60_000);
});
