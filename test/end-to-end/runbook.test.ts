import { join, resolve } from 'node:path';
import type { AlarmStatus } from '../../alarms/alarm-status';
import { type Finished, type RunningCommand, startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { type PlayedRow, playedRows } from './runbook-rows';

const root = resolve(__dirname, '../..');
const folder = temporaryFolder('runbook');
/** Minutes of the pipeline in one of this machine: an alarm wants some of them. */
const factor = 15;
const clock = { start: Date.now(), now: () => clock.start + (Date.now() - clock.start) * factor };
const env = {
  // CDK keeps a cache there.
  HOME: folder,
  NODE_OPTIONS: `--require ${join(__dirname, 'fast-clock.cjs')}`,
  FAST_CLOCK_START: String(clock.start),
  FAST_CLOCK_FACTOR: String(factor),
};
const hourMs = 3_600_000;

const npmRun = (script: string, ...args: readonly string[]): RunningCommand =>
  startCommand(join(root, script, 'cli.ts'), args, { cwd: root, env });

interface Line {
  readonly type: 'started' | 'status' | 'result';
  /** Names of those in ALARM. */
  readonly alarms?: readonly string[];
}

/** The pipeline on a data directory, with few events of its own unless it is told otherwise. */
function startPipeline(dataDir: string, args: readonly string[]) {
  const running = npmRun(
    'local',
    '--data-dir',
    dataDir,
    '--port',
    '0',
    '--json-lines',
    '--rate',
    '0.2',
    ...args,
  );
  const waiting: { readonly holds: (line: Line) => boolean; readonly resolve: () => void }[] = [];
  let rest = '';
  running.child.stdout!.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const parsed = JSON.parse(line) as Line;
      for (const waiter of waiting.filter(({ holds }) => holds(parsed))) waiter.resolve();
    }
  });
  /** Resolves with a line that says so; rejects if the pipeline ends before. */
  const says = (holds: (line: Line) => boolean): Promise<void> =>
    Promise.race([
      new Promise<void>((done) => waiting.push({ holds, resolve: done })),
      running.finished.then(({ code, stderr }) => {
        throw new Error(`the pipeline ended with ${code}: ${stderr}`);
      }),
    ]);
  /** `SIGKILL` where something fails that must be delivered first. */
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<Finished> => {
    running.child.kill(signal);
    return running.finished;
  };
  return { says, end };
}

const idsIn = (names: readonly string[] = []): string[] => names.map((name) => name.split('-').at(-1)!);

/** What `recover` compares: from an hour before the test to an hour from now, on the pipeline's clock. */
const range = (): string[] => [
  ...['--from', new Date(clock.start - hourMs).toISOString()],
  ...['--to', new Date(clock.now() + hourMs).toISOString()],
];

describe('The runbook', () => {
  // They wait for the minutes of alarms most of the time.
  it.concurrent.each(playedRows.map((row) => [row.failure, row] as const))(
    'holds when %s',
    async (_failure, { args, alarms, run, done }: PlayedRow) => {
      const dataDir = join(folder, alarms[0]!);
      const failing = startPipeline(dataDir, args);
      await failing.says(({ alarms: firing }) => alarms.every((id) => idsIn(firing).includes(id)));
      const seen = await npmRun('alarms', '--local', dataDir, '--json').finished;
      const firing = (JSON.parse(seen.stdout) as AlarmStatus[]).filter(({ state }) => state === 'ALARM');
      expect(idsIn(firing.map(({ name }) => name))).toEqual(expect.arrayContaining([...alarms]));
      expect(firing.map(({ runbook }) => runbook)).toEqual(
        expect.arrayContaining(alarms.map((id) => `docs/operations.md#${id.toLowerCase()}`)),
      );
      expect(seen.code).toBe(1);
      await failing.end('SIGKILL');

      // The cause is removed.
      const healthy = startPipeline(dataDir, []);
      await healthy.says(({ type, alarms: left }) => type === 'status' && left?.length === 0);
      await healthy.end('SIGINT');
      if (run) {
        const [script, ...words] = run;
        const needsRange = words[0] === 'backfill' ? range() : [];
        const ran = await npmRun(script!, ...words, '--local', dataDir, ...needsRange).finished;
        expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
      }
      if (done !== undefined) {
        const listed = await npmRun('recover', 'list', '--local', dataDir, ...range()).finished;
        expect(listed.stdout).toContain(done);
      }
      const verified = await npmRun('recover', 'verify', '--local', dataDir, ...range()).finished;
      expect(verified).toEqual({ code: 0, stdout: expect.anything(), stderr: '' });
    },
    240_000,
  );
});
