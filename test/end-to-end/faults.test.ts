import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';
import { runToExit } from './local-pipeline';

const folder = temporaryFolder('faults');

describe('npm start -- --chaos', () => {
  it('exposes producer, functions and applications to a profile of one’s own, tells what it injected, and stays exact', async () => {
    const profile = join(folder, 'mine.json');
    writeFileSync(
      profile,
      JSON.stringify({
        faults: [
          { service: 'kinesis', operations: ['PutRecords'], kind: 'cut', after: true, probability: 0.5 },
          { service: 'kinesis', operations: ['GetRecords'], kind: 'error', probability: 0.5 },
          { service: 'dynamodb', operations: ['PutItem'], kind: 'error', after: true, probability: 0.2 },
          { service: 's3', operations: ['PutObject'], kind: 'throttle', probability: 0.5 },
        ],
      }),
    );
    const dataDir = join(folder, 'state');
    const { code, result } = await runToExit(
      dataDir,
      ...['--chaos', profile, '--chaos-seed', 'five', '--count', '150', '--max', '-c', 'uniqueVisitors=off'],
    );
    expect(result).toMatchObject({ exact: true, onFailure: 0, producer: { read: 150, accepted: 150 } });
    expect(code).toBe(0);
    const { injected } = result as { readonly injected?: Readonly<Record<string, number>> };
    expect(Object.keys(injected ?? {})).toEqual([
      'dynamodb PutItem error after',
      'kinesis GetRecords error',
      'kinesis PutRecords cut after',
      's3 PutObject throttle',
    ]);
    const logged = readFileSync(join(dataDir, 'logs', 'chaos.log'), 'utf8')
      .trimEnd()
      .split('\n');
    // The applications poll until they are stopped, after the result was printed.
    const told = Object.values(injected ?? {}).reduce((sum, count) => sum + count, 0);
    expect(logged.length).toBeGreaterThanOrEqual(told);
    // What was put behind an answer that got lost was put again.
    expect(result.accepted).toBeGreaterThan(150);
  }, 120_000);

  it('refuses a profile that is none before it touches anything', async () => {
    await expect(runToExit(join(folder, 'untouched'), '--chaos', 'thunder', '--no-producer')).rejects.toThrow(
      'exit code 2:\n--chaos is "thunder"; allowed: limits, throttled, flaky, storm, ',
    );
  });
});
