import type { FunctionLog } from '../../domain/function/function-log';
import type { Appended } from '../../table/append';
import { AggregatorMetric } from './contract';

/** Writes what became of a batch as one log line. Counts only: no event, no visitor. */
export function reportOutcome(shard: string, outcome: Appended, log: FunctionLog): void {
  const { invalidByReason, lowestUnfinished, ...counts } = outcome;
  const details = { shard, ...counts, invalidByReason: Object.fromEntries(invalidByReason) };
  const metrics = {
    [AggregatorMetric.valid]: outcome.valid,
    [AggregatorMetric.late]: outcome.late,
    [AggregatorMetric.invalid]: [...invalidByReason.values()].reduce((total, invalid) => total + invalid, 0),
  };
  if (lowestUnfinished) log('WARN', 'batch counted in part', { ...details, lowestUnfinished }, metrics);
  else log('INFO', 'batch counted', details, metrics);
}
