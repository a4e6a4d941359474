import { maxCounterBytes } from '../../domain/counter-item';
import { maxSketches } from '../../domain/unique-item';
import { builtWith, type Edit } from './edited-source';
import { type FunctionSettings, recovery, type StartEnvironment, startEnvironment } from './environment';

/** What of an item's content is bounded. */
export interface Limits {
  /** Bytes of counters of one item. */
  readonly counterBytes: number;
  /** Sketches of one item. */
  readonly sketches: number;
}

/** An aggregator that the model plays with. */
export interface Subject {
  readonly start: StartEnvironment;
  readonly recovery: typeof recovery;
  readonly settings: FunctionSettings;
  readonly limits: Limits;
}

export const retentionDays = { minute: 7, hour: 30 } as const;

/** Counters alone. */
export const counters: FunctionSettings = { retentionDays, uniqueVisitors: 'off', deduplicationSeconds: 0 };

export const withSketches: FunctionSettings = { ...counters, uniqueVisitors: 'page' };

/** The horizon is some records of the model long. */
export const withoutDuplicates: FunctionSettings = { ...counters, deduplicationSeconds: 50 };

export const everything: FunctionSettings = { ...withSketches, deduplicationSeconds: 50 };

/** The aggregator as it is. */
export function productSubject(settings: FunctionSettings): Subject {
  return {
    start: startEnvironment,
    recovery,
    settings,
    limits: { counterBytes: maxCounterBytes, sketches: maxSketches },
  };
}

const lowLimits: Limits = { counterBytes: 500, sketches: 2 };

const withLowLimits: readonly Edit[] = [
  {
    file: 'domain/counter-write.ts',
    find: 'maxValuesPerWrite = 250;',
    replace: 'maxValuesPerWrite = 2;',
  },
  {
    file: 'domain/counter-item.ts',
    find: 'maxCounterBytes = 300_000 - 1_000;',
    replace: `maxCounterBytes = ${lowLimits.counterBytes};`,
  },
  {
    file: 'domain/unique-item.ts',
    find: 'maxSketches = 128;',
    replace: `maxSketches = ${lowLimits.sketches};`,
  },
];

/**
 * The aggregator with limits so low that a handful of events splits writes and fills items: the model reaches in
 * thousands of schedules what takes hundreds of kilobytes otherwise. One write of counters must fit into an empty
 * item, as it does with the real limits: two values of 223 bytes.
 */
export async function lowLimitSubject(
  settings: FunctionSettings,
  edits: readonly Edit[] = [],
): Promise<Subject> {
  const built = await builtWith<typeof import('./environment')>('test/model/environment.ts', [
    ...withLowLimits,
    ...edits,
  ]);
  return { start: built.startEnvironment, recovery: built.recovery, settings, limits: lowLimits };
}
