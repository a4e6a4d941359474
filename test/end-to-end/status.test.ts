import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killedAfterMoreBatches } from './kill';
import { runCommand, runReport } from './local-pipeline';

const folder = mkdtempSync(join(tmpdir(), 'status-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface StatusLine {
  readonly type: string;
  readonly counted: number;
  readonly duplicates: number;
  readonly invalid: number;
  readonly archived: number;
  readonly onFailure: number;
}

/** Starts the pipeline, ends it by Ctrl-C once it is up, and returns how it says that it stands at last. */
async function stateAtRest(dataDir: string, ...args: string[]): Promise<StatusLine> {
  const running = runCommand(
    'local',
    '--data-dir',
    dataDir,
    '--port',
    '0',
    '--no-producer',
    '--json-lines',
    ...args,
  );
  await running.says('Ctrl-C delivers');
  running.child.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line): StatusLine => JSON.parse(line));
  expect(lines[0]).toMatchObject({ type: 'started' });
  return lines.at(-1)!;
}

const sum = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0);

describe('the status at rest', () => {
  it('is what the report adds up to, to the event, since the start of the state and over every kill -9', async () => {
    const dataDir = join(folder, 'killed');
    const context = ['-c', 'deduplicationSeconds=600', '-c', 'batchingWindowSeconds=0'];
    const traffic = ['--rate', '300', '--duplicates', '5%', '--malformed', '5%'];
    await killedAfterMoreBatches(dataDir, 'batch counted', [...traffic, ...context]);
    await killedAfterMoreBatches(dataDir, 'batch transformed', [...traffic, ...context]);

    const state = await stateAtRest(dataDir, ...context);
    const reported = (dimension: string) =>
      runReport<{ count: number }>('--local', dataDir, '--dimension', dimension, '--window', 'hour');
    expect(state.counted).toBeGreaterThan(100);
    expect(state.duplicates).toBeGreaterThan(0);
    expect(state).toMatchObject({
      type: 'status',
      counted: sum(await reported('total')),
      duplicates: sum(await reported('duplicate')),
      invalid: sum(await reported('invalid')),
      archived: state.counted + state.duplicates,
      onFailure: 0,
    });
    expect(await stateAtRest(dataDir, ...context)).toMatchObject({
      counted: state.counted,
      archived: state.archived,
    });
  }, 180_000);
});
