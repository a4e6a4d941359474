import type { FunctionLog } from '../../domain/function/function-log';
import type { Appended } from '../../table/append';

/** Writes what became of a batch as one log line and as embedded metrics. Counts only: no event, no visitor. */
export function reportOutcome(shard: string, outcome: Appended, { log, count }: FunctionLog): void {
  const { invalidByReason, lowestUnfinished, ...counts } = outcome;
  const details = { shard, ...counts, invalidByReason: Object.fromEntries(invalidByReason) };
  if (lowestUnfinished) log('WARN', 'batch counted in part', { ...details, lowestUnfinished });
  else log('INFO', 'batch counted', details);
  count({
    Records: outcome.records,
    EventsValid: outcome.valid,
    EventsLate: outcome.late,
    DuplicatesRemoved: outcome.duplicates,
    EventsInvalid: [...invalidByReason.values()].reduce((total, invalid) => total + invalid, 0),
    DeltasAppended: outcome.deltas,
    AppendsRefused: outcome.refused,
    RecordsCountedBefore: outcome.recordsCountedBefore,
    BatchesUnfinished: lowestUnfinished ? 1 : 0,
  });
  for (const [reason, invalid] of invalidByReason) {
    count({ EventsInvalidByReason: invalid }, { reason });
  }
}
