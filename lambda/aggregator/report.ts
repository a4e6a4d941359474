import type { FunctionLog } from '../../domain/function-log';
import type { Outcome } from './aggregate';

/** Writes what became of a batch as one log line and as embedded metrics. Counts only: no event, no visitor. */
export function reportOutcome(shard: string, outcome: Outcome, { log, count }: FunctionLog): void {
  const { invalidByReason, unfinishedByError, lowestUnfinished, ...counts } = outcome;
  const details = { shard, ...counts, invalidByReason: Object.fromEntries(invalidByReason) };
  if (lowestUnfinished) {
    const unfinished = { lowestUnfinished, unfinishedByError: Object.fromEntries(unfinishedByError) };
    log('WARN', 'batch counted in part', { ...details, ...unfinished });
  } else {
    log('INFO', 'batch counted', details);
  }
  count({
    Records: outcome.records,
    EventsValid: outcome.valid,
    EventsLate: outcome.late,
    DuplicatesRemoved: outcome.duplicates,
    EventsInvalid: [...invalidByReason.values()].reduce((total, invalid) => total + invalid, 0),
    ItemsWritten: outcome.itemsWritten,
    SketchesWritten: outcome.sketchesWritten,
    WritesRetried: outcome.writesRetried,
    RecordsAlreadyCounted: outcome.recordsAlreadyCounted,
    ValuesCut: outcome.valuesCut,
    ValuesWithoutRoom: outcome.valuesWithoutRoom,
    BatchesUnfinished: lowestUnfinished ? 1 : 0,
  });
  for (const [reason, invalid] of invalidByReason) {
    count({ EventsInvalidByReason: invalid }, { reason });
  }
}
