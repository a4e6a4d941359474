import type { RetentionDays } from '../domain/counters/retention';
import type { UniqueVisitorScope } from '../domain/visitors/uniques';
import type { LogTable } from '../table/log-table';
import type { Health } from './answers';
import type { SharedViews } from './views';

/** What is known of the pipeline beside its table. */
export type HealthSource = () => Promise<Pick<Health, 'lagMs' | 'lagAt' | 'givenUpBatches' | 'alarms'>>;

/** What the API needs of where it runs. */
export interface ApiOptions {
  /** What the names of the pipeline's stacks begin with. */
  readonly pipeline: string;
  /** Options by which the commands find it, `--stack clickstream-prod`; absent if they find it without. */
  readonly place?: string | undefined;
  /** What the aggregator counts, and how long it is kept. */
  readonly settings: { readonly uniqueVisitors: UniqueVisitorScope; readonly retentionDays: RetentionDays };
  readonly table: LogTable;
  readonly health: HealthSource;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** What went wrong and what to do, if somebody can do something about it; else the answer gives no detail. */
  readonly explain: (error: unknown) => string | undefined;
}

/** What an answer is made of. */
export interface ApiPorts extends Omit<ApiOptions, 'table'> {
  readonly views: SharedViews;
}
