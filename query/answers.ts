import type { AlarmStatus } from '../alarms/alarm-status';
import type { AnomalyKind, Subject } from '../domain/anomalies/findings';
import type { RetentionDays } from '../domain/counters/retention';
import type { WindowSize } from '../domain/counters/window';
import type { UniqueName, UniqueScope, UniqueVisitorScope } from '../domain/visitors/uniques';

/**
 * What the query API answers, as JSON. Instants are ISO 8601 in UTC, to the second; a range includes its start and not
 * its end. Counts are exact, estimates come with their standard error.
 */

/** `GET /api/about`: what there is to ask for. */
export interface About {
  /** What the names of the pipeline's stacks begin with: `clickstream-dev`. */
  readonly pipeline: string;
  /** Options by which the commands find it, `--stack clickstream-prod`; absent if they find it without. */
  readonly place?: string;
  readonly dimensions: readonly string[];
  readonly windows: readonly WindowSize[];
  readonly uniqueVisitors: UniqueVisitorScope;
  /** Days that windows are kept, by size; 0 for ever. */
  readonly retentionDays: RetentionDays;
}

/** A range and the windows that it is cut into. */
export interface Span {
  readonly from: string;
  readonly to: string;
  readonly window: WindowSize;
  /** IANA name: `Europe/Berlin`. Hours and days begin where they do there. */
  readonly zone: string;
  /**
   * Present where windows of the range may be deleted by now: from here on it is whole. Before, there is what arrived late
   * enough to be kept still, as an old log that was imported does.
   */
  readonly keptFrom?: string;
}

export interface Point {
  /** The start of the window, or of the range if that begins within it. */
  readonly at: string;
  readonly count: number;
}

/** `GET /api/series?dimension=&value=&from=&to=&window=&zone=&compare=`: counts of one value, or of all. */
export interface Series extends Span {
  readonly dimension: string;
  /** Absent: all values together. */
  readonly value?: string;
  /** Every window of the range, empty ones too. */
  readonly points: readonly Point[];
  readonly sum: number;
  /** The range of the same length that it is compared with, if asked for and kept; its points stand at their own times. */
  readonly previous?: { readonly from: string; readonly points: readonly Point[]; readonly sum: number };
}

export interface TopRow {
  readonly value: string;
  readonly count: number;
  /** In the range that it is compared with, if asked for and kept; 0 if it did not occur. */
  readonly previous?: number;
}

/** `GET /api/top?dimension=&from=&to=&zone=&limit=&search=&compare=`: the most frequent values. */
export interface Top extends Span {
  readonly dimension: string;
  readonly rows: readonly TopRow[];
  /** Values that match the search, shown or not. */
  readonly values: number;
  /** Over all values of the dimension. */
  readonly sum: number;
}

/** `GET /api/uniques?unique=visitors&scope=total&value=&from=&to=&zone=&compare=`: distinct visitors or sessions. */
export interface Uniques extends Span {
  readonly unique: UniqueName;
  readonly scope: UniqueScope;
  /** Of the whole range, as one set: not the sum of its windows. Absent if the setting `uniqueVisitors` counts none. */
  readonly estimate?: Estimate;
  readonly previous?: Estimate;
  /** By window of the range; hours are the finest. */
  readonly points: readonly Point[];
}

export interface Estimate {
  readonly count: number;
  /** As a share of the count: 0.016 is 1.6 %. */
  readonly standardError: number;
}

/** `GET /api/anomalies?from=&to=&zone=`: hours that are unlike the same hours of the weeks before. */
export interface Anomalies extends Pick<Span, 'from' | 'to'> {
  /** The end of the latest hour that is counted whole; later ones are not judged. Absent if nothing is counted yet. */
  readonly judgedUntil?: string;
  /** By time. */
  readonly anomalies: readonly FoundAnomaly[];
}

export interface FoundAnomaly extends Pick<Span, 'from' | 'to'> {
  readonly subject: Subject;
  /** The type or page; `all` otherwise. */
  readonly value: string;
  readonly kind: AnomalyKind;
  /** Clicks in these hours. */
  readonly count: number;
  /** As many are usual, rounded. */
  readonly expected: number;
  /** In standard deviations: negative for less than usual. */
  readonly score: number;
  /** Whether it may go on: too few usual hours have followed. */
  readonly isOpen: boolean;
}

/** `GET /api/health`: whether the numbers can be believed, and up to when. */
export interface Health {
  readonly now: string;
  /**
   * The latest arrival that every shard has counted to which anything came in the last two days; absent if nothing is
   * counted yet.
   */
  readonly countedUntil?: string;
  readonly shards: readonly { readonly shard: string; readonly countedUntil?: string }[];
  /** Sums of the last hour. */
  readonly lastHour: { readonly clicks: number; readonly invalid: number; readonly duplicates: number };
  /**
   * Clicks that happened in the latest 24 whole hours that ended an hour ago or earlier, and how many of them came late.
   * Of what happened later than that none can be known to be late: it is late when it comes an hour after it happened.
   */
  readonly lateness: {
    readonly from: string;
    readonly to: string;
    readonly clicks: number;
    readonly late: number;
  };
  /** How far the pipeline is behind its stream, in milliseconds; absent where it is not known. */
  readonly lagMs?: { readonly counting?: number; readonly archive?: number };
  /** When the lags were measured, where that is not now. */
  readonly lagAt?: string;
  /** Batches that the aggregator gave up and that wait for a repair; absent where it is not known. */
  readonly givenUpBatches?: number;
  /** Absent where nobody evaluates alarms. */
  readonly alarms?: readonly AlarmStatus[];
}

/** The body of a status of 400 and above. */
export interface ApiError {
  readonly error: string;
  /** What is allowed instead, if the parameter was wrong. */
  readonly allowed?: string;
}
