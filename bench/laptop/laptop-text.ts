import { markdownTable } from '../markdown-table';
import { inSeconds, spreadText } from '../spread';
import type { ProfileShare } from './cpu-profile';
import type { Floor } from './floor';
import type { Latencies } from './latencies';
import type { Load } from './pipeline';
import type { StartUp } from './start-up';
import type { MemoryRange, Minute, Sustained } from './sustained';

/** What was asked for is measured; the rest is missing. */
export interface LaptopResult {
  readonly load: Load;
  readonly startUp?: readonly StartUp[];
  readonly sustained?: Sustained;
  readonly floor?: Floor;
  readonly profile?: readonly ProfileShare[];
}

const smallestShare = 0.01;

/** The result for people, in Markdown. */
export function laptopText({ load, startUp, sustained, floor, profile }: LaptopResult): string {
  return [
    ...(startUp
      ? [
          markdownTable(
            ['ready after, seconds', 'median (least–most)', '× the emulators'],
            startUp.map(({ what, readyMs, timesEmulators }) => [
              what,
              spreadText(inSeconds(readyMs), 2),
              timesEmulators.median.toFixed(1),
            ]),
          ),
        ]
      : []),
    ...(sustained
      ? [
          `${load.rate} events/s for ${load.seconds} s, --pack ${load.pack}`,
          summary(sustained),
          cpuTable(sustained, floor?.cpuSecondsPerThousand),
          minuteTable(sustained.minutes),
        ]
      : []),
    ...(profile
      ? [
          markdownTable(
            ['the runner’s time', '%'],
            profile
              .filter(({ share }) => share >= smallestShare)
              .map(({ what, share }) => [what, (share * 100).toFixed(1)]),
          ),
        ]
      : []),
  ].join('\n\n');
}

function summary(run: Sustained): string {
  const agreement = run.right ? 'exactly' : 'NOT exactly';
  return [
    `${run.accepted} accepted at ${run.eventsPerSecond} a second, ${run.counted} counted, ${run.archived} archived (${run.archivedAgain} of them twice): ${agreement} what was accepted`,
    `put → counted: ${latencyText(run.putToCounted)}; the last ${seconds(run.behindMs)} s after its acknowledgement`,
    `put → object: ${latencyText(run.putToObject)}; what was buffered at the end took ${seconds(run.drainingMs)} s`,
  ].join('\n');
}

function cpuTable({ cpuSecondsPerThousand }: Sustained, floor: number | undefined): string {
  const processes = Object.entries(cpuSecondsPerThousand);
  const sum = processes.reduce((total, [, value]) => total + value, 0);
  return markdownTable(
    ['CPU seconds for 1,000 events', ''],
    [
      ...processes.map(([name, value]) => [name, value.toFixed(3)]),
      ['all', sum.toFixed(3)],
      ...(floor === undefined ? [] : [['the floor of the runner: the emulators alone', floor.toFixed(3)]]),
    ],
  );
}

function minuteTable(minutes: readonly Minute[]): string {
  const names = Object.keys(minutes.at(-1)?.residentMiB ?? {});
  return markdownTable(
    [
      'after, s',
      ...['accepted', 'counted', 'archived', 'put → counted, s: median', 'most'],
      ...names.map((name) => `${name}, MiB`),
      ...names.map((name) => `${name}, CPU s`),
    ],
    minutes.map(({ seconds: after, accepted, counted, archived, putToCounted, residentMiB, cpuSeconds }) => [
      after,
      ...[accepted, counted, archived],
      ...[seconds(putToCounted?.p50), seconds(putToCounted?.most)],
      ...names.map((name) => memoryText(residentMiB[name])),
      ...names.map((name) => cpuSeconds[name]?.toFixed(1) ?? '–'),
    ]),
  );
}

function memoryText(range: MemoryRange | undefined): string {
  return range ? `${range.least}–${range.most}` : '–';
}

function latencyText(latencies: Latencies | undefined): string {
  if (!latencies) return 'nothing measured';
  const { count, p50, p99, most } = latencies;
  return `median ${seconds(p50)} s, 99 % ${seconds(p99)} s, most ${seconds(most)} s (of ${count})`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : (ms / 1_000).toFixed(1);
}
