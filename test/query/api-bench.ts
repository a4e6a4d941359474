import type { ClickEvent } from '../../domain/event/click-event';
import type { UniqueVisitorScope } from '../../domain/visitors/uniques';
import { type Api, type ApiResponse, createApi } from '../../query/api';
import type { ApiOptions } from '../../query/ports';
import { type LogTable, logTable } from '../../table/log-table';
import { clickJson } from '../support/click-factory';
import { counting, retentionDays } from '../support/counting';
import { type CallName, countedCalls, interceptedCalls } from '../support/intercepted-calls';
import { createMemoryDynamo } from '../support/memory-dynamo';
import { arrival } from '../support/shard-records';

export { retentionDays };
export const firstShard = 'clicks/shardId-000000000000';

export interface ApiBench {
  readonly table: LogTable;
  readonly clock: { now: number };
  /** Calls that the API has made. */
  readonly made: CallName[];
  /** Thrown by the API's next calls, if set. */
  readonly fault: { error: Error | undefined };
  /** Asks a new API of the same table, as after a restart. */
  restarted(options?: Partial<ApiOptions>): Api;
  /** `/api/top?limit=3` */
  ask(
    url: string,
    request?: { readonly method?: string; readonly headers?: Record<string, string> },
  ): Promise<ApiResponse>;
  /** The answer of a request that is answered with 200. */
  get<Answer>(url: string): Promise<Answer>;
  /** Counts events as the aggregator does, as the next batch of a shard. */
  count(
    events: readonly Partial<ClickEvent>[],
    options?: { readonly shard?: string; readonly arrivedAt?: number },
  ): Promise<void>;
  compact(): Promise<void>;
}

/** The API over a table in memory, which the functions' own code fills. */
export function apiBench({
  now = arrival,
  uniqueVisitors = 'page' as UniqueVisitorScope,
  ...options
}: {
  readonly now?: number;
  readonly uniqueVisitors?: UniqueVisitorScope;
} & Partial<Omit<ApiOptions, 'now'>> = {}): ApiBench {
  const dynamo = createMemoryDynamo();
  const clock = { now };
  const fault: ApiBench['fault'] = { error: undefined };
  const { calls, made } = countedCalls(
    interceptedCalls(dynamo, async (_name, _input, act) => {
      if (fault.error) throw fault.error;
      return act();
    }),
  );
  const table = logTable(dynamo, 'aggregates');
  const { count, compact } = counting(table, { uniqueVisitors, now: () => clock.now });
  const restarted = (other: Partial<ApiOptions> = {}): Api =>
    createApi({
      pipeline: 'clicks-test',
      settings: { uniqueVisitors, retentionDays },
      table: logTable(calls, 'aggregates'),
      health: async () => ({}),
      now: () => clock.now,
      explain: () => undefined,
      ...options,
      ...other,
    });
  const api = restarted();
  let sequenceNumber = 0;
  const ask: ApiBench['ask'] = (url, { method = 'GET', headers = {} } = {}) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    return api({ method, path: pathname, query: searchParams, headers });
  };
  return {
    table,
    clock,
    made,
    fault,
    restarted,
    ask,
    async get(url) {
      const { status, body } = await ask(url);
      if (status !== 200) throw new Error(`${url}: ${status} ${body}`);
      return JSON.parse(body);
    },
    count: (events, { shard = firstShard, arrivedAt = clock.now } = {}) =>
      count(
        shard,
        events.map((event) => ({
          sequenceNumber: String(++sequenceNumber),
          data: Buffer.from(clickJson(event)),
          arrivedAt,
        })),
      ),
    compact,
  };
}

/** Events at instants, each by a visitor of its own. */
export function clicksAt(timestamps: readonly string[], page = '/'): Partial<ClickEvent>[] {
  return timestamps.map((timestamp) => ({ timestamp, page, visitorId: `at ${timestamp}` }));
}
