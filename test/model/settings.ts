import type { Random } from '../../domain/numbers/random';
import { retentionDays as retentionOf } from '../support/retention-factory';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** How long an invocation may take, and a command until it has to begin anew. */
export const invocationMs = 15 * minuteMs;
export const commandMs = 30 * minuteMs;
/** What the stream keeps. */
export const streamRetentionMs = dayMs;
/** Deltas live for as long as the stream keeps records and three days more. */
export const logDays = 4;
export const retentionDays = retentionOf({ minute: 3, hour: 4, day: 60 });
/** The horizon of duplicates is some records of the model long. */
export const horizonSeconds = 50;
export const sliceSeconds = 10;

/** How a deployment of the model is set up, and how much goes wrong in it. */
export interface Settings {
  readonly deduplicationSeconds: number;
  readonly uniqueVisitors: 'off' | 'total' | 'page';
  readonly compactionSeconds: number;
  /** Limits so low that a handful of events cuts deltas, fills items and takes several pieces to compact. */
  readonly limits: {
    readonly delta: { readonly bytes: number; readonly items: number; readonly events: number };
    readonly compact: { readonly items: number; readonly pendingBytes: number; readonly bytesRead: number };
    readonly item: {
      readonly counterBytes: number;
      readonly allCounterBytes: number;
      readonly sketches: number;
    };
    readonly knownBytes: number;
    readonly itemsPerPage: number;
  };
  /** What happens more often than elsewhere. */
  readonly focus: 'nothing' | 'reading' | 'repairing';
  /** From 0, where no call fails, to 2. */
  readonly storm: number;
  /** Whether no invocation is killed or lost, and no mapping set back. */
  readonly isCalm: boolean;
}

/** A delta is closed while there is room for the largest event, so limits below these hold one event each. */
const roomOfAnEvent = { bytes: 5_000, items: 100 };

export function settingsOf(random: Random): Settings {
  return {
    deduplicationSeconds: random.chance(0.6) ? horizonSeconds : 0,
    uniqueVisitors: random.chance(0.9) ? 'off' : random.pick(['total', 'page']),
    compactionSeconds: random.pick([0, 30, 60]),
    limits: {
      delta: {
        bytes: random.chance(0.7) ? 300_000 : roomOfAnEvent.bytes + random.pick([1_000, 1_800, 2_600]),
        items: random.chance(0.7) ? 4_000 : roomOfAnEvent.items + random.pick([0, 6, 15]),
        events: random.chance(0.7) ? 30_000 : 1 + random.below(3),
      },
      compact: {
        items: random.pick([4_000, 30, 10]),
        pendingBytes: random.pick([1_000_000, 400]),
        bytesRead: random.pick([8_000_000, 300]),
      },
      item: {
        counterBytes: random.chance(0.7) ? 299_000 : random.pick([30, 60, 150]),
        allCounterBytes: random.chance(0.8) ? 340_000 : random.pick([60, 150, 300]),
        sketches: random.chance(0.5) ? 128 : 2,
      },
      knownBytes: random.chance(0.8) ? 64 * 1024 * 1024 : 0,
      itemsPerPage: random.pick([3, 3, 100]),
    },
    focus: random.pick(['nothing', 'reading', 'repairing']),
    storm: random.pick([0, 0.5, 1, 2]),
    isCalm: random.chance(0.3),
  };
}
