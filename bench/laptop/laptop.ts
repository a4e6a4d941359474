import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../cli/arguments';
import { abortedExitCode } from '../../cli/interrupt';
import { numberOption, oneOf } from '../../cli/option-values';
import { resultTable } from '../compare';
import { commonOptions, markdownTable, report } from '../report';
import { type Load, type Loaded, type Minute, measureLoad } from './load';
import { measureStartUp, startUpColumns } from './start-up';

/** So that a run of seconds sees events counted and archived while they come. */
const shortWaits = ['batchingWindowSeconds=1', 'transformerBufferSeconds=1', 'archiveBufferSeconds=1'];

/**
 * Starts the laptop's pipeline cold and warm, beside its emulators alone, and runs it under a steady load.
 *
 * @param args `--rate N`, `--minutes N`, `--pack HOW`; `--json`, `--short`
 */
export async function benchmarkLaptop(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    rate: { type: 'string' },
    minutes: { type: 'string' },
    pack: { type: 'string' },
  });
  const { short = false } = values;
  const minutes = numberOption('minutes', values.minutes, { most: 1_440, whole: false });
  const rate = numberOption('rate', values.rate, { most: 100_000, whole: true });
  const load: Load = {
    rate: rate ?? (short ? 100 : 1_000),
    seconds: (minutes ?? (short ? 0.1 : 10)) * 60,
    pack: oneOf('pack', values.pack, ['none', 'ndjson', 'kpl']) ?? 'none',
  };
  // However this process ends, the commands that it started end as well.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(abortedExitCode));
  const folder = await mkdtemp(join(tmpdir(), 'laptop-'));
  try {
    const startUp = await measureStartUp(folder, { warmUps: 0, rounds: short ? 1 : 5 });
    const context = short ? shortWaits.flatMap((setting) => ['-c', setting]) : [];
    const loaded = await measureLoad(folder, load, context);
    report(
      values,
      { load, startUp, loaded },
      () => [resultTable(startUp, startUpColumns), loadText(load, loaded)].join('\n\n'),
      [{ name: 'the pipeline under load', right: loaded.right }],
    );
  } finally {
    // A function's process notices a moment later that its parent is gone, and may still be writing its log.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function loadText({ rate, seconds, pack }: Load, loaded: Loaded): string {
  const { accepted, counted, archived, right, behindSeconds, cpuSecondsPerThousand, minutes } = loaded;
  const processes = Object.entries(cpuSecondsPerThousand);
  const all = processes.reduce((sum, [, cpu]) => sum + cpu, 0);
  return [
    `${rate} events/s for ${seconds} s, --pack ${pack}`,
    `${accepted} accepted, ${counted} counted, ${archived} archived: ${right ? 'exactly' : 'NOT exactly'} what was put; the last counted within ${behindSeconds.toFixed(1)} s`,
    markdownTable(
      ['CPU seconds for 1,000 events', ''],
      [...processes, ['all', all] as const].map(([name, cpu]) => [name, cpu.toFixed(3)]),
    ),
    minuteTable(minutes),
  ].join('\n\n');
}

function minuteTable(minutes: readonly Minute[]): string {
  const names = Object.keys(minutes.at(-1)?.residentMiB ?? {});
  return markdownTable(
    [
      ...['after, s', 'accepted', 'counted', 'lag, s, at most'],
      ...names.map((name) => `${name}, MiB`),
      ...names.map((name) => `${name}, CPU s`),
    ],
    minutes.map(({ seconds, accepted, counted, lagSeconds, residentMiB, cpuSeconds }) => [
      ...[seconds, accepted, counted, lagSeconds.toFixed(1)],
      ...names.map((name) => residentMiB[name]?.join('–') ?? '–'),
      ...names.map((name) => cpuSeconds[name]?.toFixed(0) ?? '–'),
    ]),
  );
}
