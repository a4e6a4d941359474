import type { Writable } from 'node:stream';
import { counted } from '../../cli/counted';
import { createRemaining, type InputProgress } from './input-progress';
import type { ProducerRun, RunStats } from './run-producer';
import { countsJson, hundredths, noticeableDelayMs, rate, seconds } from './summary';

export type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface ProgressDisplay {
  /** Prints a line of its own, above the status line if there is one. */
  note(text: string): void;
  end(): void;
}

export interface ProgressOptions {
  readonly run: Pick<ProducerRun, 'stats'>;
  readonly input: InputProgress;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Terminal;
  /** A line each second on standard output, for machines. */
  readonly json: boolean;
  readonly quiet: boolean;
  /** Each event is acknowledged by a line, which a status line would disturb. */
  readonly acknowledges: boolean;
}

const terminalMs = 500;
const jsonMs = 1000;
/** A log of a long run says that it goes on, and is still read by people. */
const logMs = 10_000;
const clearLine = '\r\u001b[K';
const columnsOfUnknown = 80;

/**
 * Keeps a status line on a terminal, and says elsewhere every ten seconds how it stands; prints the progress for machines
 * where that is asked for.
 */
export function showProgress(options: ProgressOptions): ProgressDisplay {
  const { json, quiet, stdout, stderr, acknowledges } = options;
  const timers: NodeJS.Timeout[] = [];
  let line = '';
  if (json && !quiet)
    timers.push(everyTick(options, jsonMs, (tick) => stdout.write(`${progressJson(tick)}\n`)));
  const isDisturbed = json && stdout.isTTY;
  if (stderr.isTTY && !quiet && !acknowledges && !isDisturbed) {
    const draw = (tick: Tick) => {
      // A line that wraps could not be cleared.
      line = statusLine(tick).slice(0, (stderr.columns ?? columnsOfUnknown) - 1);
      stderr.write(clearLine + line);
    };
    timers.push(everyTick(options, terminalMs, draw));
  } else if (!stderr.isTTY && !quiet && !acknowledges && !json) {
    timers.push(everyTick(options, logMs, (tick) => stderr.write(`${statusLine(tick)}\n`)));
  }
  return {
    note: (text) => void stderr.write(line === '' ? `${text}\n` : `${clearLine}${text}\n${line}`),
    end() {
      for (const timer of timers) clearInterval(timer);
      if (line !== '') stderr.write(clearLine);
      line = '';
    },
  };
}

function everyTick({ run, input }: ProgressOptions, ms: number, show: (tick: Tick) => void): NodeJS.Timeout {
  const remaining = createRemaining();
  let before: Pick<RunStats, 'elapsedMs' | 'accepted'> = { elapsedMs: 0, accepted: 0 };
  return setInterval(() => {
    const stats = run.stats();
    const spanMs = stats.elapsedMs - before.elapsedMs;
    const eventsPerSecond = spanMs > 0 ? ((stats.accepted - before.accepted) * 1000) / spanMs : 0;
    before = stats;
    const remainingMs = remaining(input.fraction(stats), stats.elapsedMs);
    show({ stats, eventsPerSecond, bytes: input.bytes(), remainingMs });
  }, ms);
}

/** How a run stands, seen once in a while. */
export interface Tick {
  readonly stats: RunStats;
  /** Accepted, over the time since the tick before. */
  readonly eventsPerSecond: number;
  readonly bytes: { readonly read: number; readonly total: number } | undefined;
  /** Undefined where the end is not known. */
  readonly remainingMs: number | undefined;
}

/** The status line; what matters most stands first, since a narrow terminal cuts it. */
export function statusLine({ stats, eventsPerSecond, remainingMs }: Tick): string {
  const { accepted, retried, failed, inFlight, behindMs, latencyMs, throttledByShard } = stats;
  return [
    `${rate(eventsPerSecond)} events/s`,
    `accepted ${accepted}`,
    ...(remainingMs === undefined ? [] : [`ETA ${seconds(remainingMs)}`]),
    ...(failed > 0 ? [`failed ${failed}`] : []),
    ...(retried > 0 ? [`retried ${retried}`] : []),
    ...throttledText(throttledByShard),
    ...(behindMs > noticeableDelayMs ? [`behind ${seconds(behindMs)}`] : []),
    `in flight ${inFlight}`,
    `p50/p99 ${latencyText(latencyMs)}`,
  ].join('  ');
}

function latencyText({ p50, p99 }: RunStats['latencyMs']): string {
  if (p50 === undefined || p99 === undefined) return '–';
  const digits = p50 < 10 ? 1 : 0;
  return `${p50.toFixed(digits)}/${p99.toFixed(digits)} ms`;
}

const shardsShown = 3;

/** `throttled 0:12 7:3 +2 shards`: the shards that refused most. */
function throttledText(byShard: Readonly<Record<string, number>>): string[] {
  const shards = Object.entries(byShard).sort(([, a], [, b]) => b - a);
  if (shards.length === 0) return [];
  const shown = shards.slice(0, shardsShown).map(([shard, times]) => `${shortName(shard)}:${times}`);
  const more = shards.length > shardsShown ? [`+${counted(shards.length - shardsShown, 'shard')}`] : [];
  return [['throttled', ...shown, ...more].join(' ')];
}

function shortName(shardId: string): string {
  return shardId.replace(/^shardId-0*(?=\d)/, '');
}

/** How it stands, for machines: one JSON object on one line. */
function progressJson({ stats, eventsPerSecond, bytes, remainingMs }: Tick): string {
  return JSON.stringify({
    type: 'progress',
    ...countsJson(stats),
    outstanding: stats.outstanding,
    inFlight: stats.inFlight,
    eventsPerSecond: hundredths(eventsPerSecond),
    bytesRead: bytes?.read ?? null,
    bytesTotal: bytes?.total ?? null,
    etaSeconds: remainingMs === undefined ? null : Math.round(remainingMs / 1000),
  });
}
