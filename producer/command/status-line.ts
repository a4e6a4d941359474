import { counted } from '../../cli/counted';
import type { RunStats } from './run-producer';
import { rate, seconds } from './units';

/** How a run stands, seen once in a while. */
export interface Tick {
  readonly stats: RunStats;
  /** Accepted, over the time since the tick before. */
  readonly eventsPerSecond: number;
  readonly bytes: { readonly read: number; readonly total: number } | undefined;
  /** Undefined where the end is not known. */
  readonly remainingMs: number | undefined;
}

/** Below this a run is as punctual as a machine can be. */
export const noticeableDelayMs = 1000;

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
