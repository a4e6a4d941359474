import type { Settings } from '../lib/settings';
import { type CostLine, costLine, totalOf } from './cost-line';
import type { Traffic } from './flow';
import { type MonthlyCost, monthlyCost } from './monthly-cost';
import type { PriceList } from './prices';
import { cloudWatchLines } from './services/cloudwatch';
import { aggregatorInvocations, lambdaLines } from './services/lambda';
import { million, secondsPerHour, secondsPerMonth } from './units';

/** The same traffic and settings with another table, in dollars a month. */
export interface Baselines {
  /** An update for each record, of one counter only, and nothing else. A batch that comes again counts again. */
  readonly updateEach: number;
  /** The same, exact: the update and a marker of the event in one transaction. */
  readonly transactionEach: number;
  /** Stream, Firehose, aggregator, transformer and archive without any table, nor what compacts it. */
  readonly withoutTable: number;
}

/** Write units of an item below a KB; in a transaction twice as many (AWS docs: read and write operations). */
const updateUnits = 1;
const transactionUnits = 2 * 2;
const writesAtOnce = 32;

/** @param ours of the same arguments */
export function baselinesOf(
  ours: MonthlyCost,
  traffic: Traffic,
  settings: Settings,
  list: PriceList,
  month: number,
): Baselines {
  /** Without the table, and the compactor with its logs; CloudWatch is reckoned anew. */
  const withoutTable = (cost: MonthlyCost): CostLine[] => [
    ...cost.lines.filter(
      ({ service, driver }) => !/^(DynamoDB|CloudWatch)$/.test(service) && !driver.startsWith('compactor: '),
    ),
    ...cloudWatchLines({ ...cost.invocations, compactor: 0 }, cost.flow.shards, settings, month, list),
  ];
  // The others take the records one by one, so that they cannot share a record.
  const unpacked =
    traffic.packing === 'none' ? ours : monthlyCost({ ...traffic, packing: 'none' }, settings, list, month);
  const { batches } = unpacked.shard;
  const records = (unpacked.flow.recordsPerSecond / unpacked.flow.shards) * secondsPerHour;
  // They look for no duplicates and count no visitors.
  const plain: Settings = { ...settings, deduplicationSeconds: 0, uniqueVisitors: 'off' };
  const writes = batches === 0 ? 0 : records / batches;
  const shard = { batches, writes, writesAtOnce };
  const invocations = aggregatorInvocations(unpacked.flow, traffic.eventBytes, plain, shard);
  const around = withoutTable(unpacked).filter(({ driver }) => !driver.startsWith('aggregator: '));
  const events = traffic.eventsPerSecond * secondsPerMonth;
  const withUnits = (units: number): number =>
    totalOf([
      ...around,
      ...lambdaLines('aggregator', invocations, list),
      costLine('DynamoDB', 'writes', events * units, list.prices.tableWriteUnit),
    ]);
  return {
    updateEach: withUnits(updateUnits),
    transactionEach: withUnits(transactionUnits),
    withoutTable: totalOf(withoutTable(ours)),
  };
}

/** Dollars a month as dollars a million events. */
export function perMillion(dollars: number, eventsPerSecond: number): number {
  return (dollars / (eventsPerSecond * secondsPerMonth)) * million;
}
