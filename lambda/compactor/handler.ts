import type { Context } from 'aws-lambda';
import type { CompactionAnswer, CompactionRequest } from '../../domain/counters/compaction-request';
import { createCompactor } from '../../table/compact';
import { functionClient } from '../../table/function-client';
import { dynamoLogTable } from '../../table/log-table';
import { printedLog } from '../runtime/printed-log';
import { compactAll } from './compact-all';
import { compactorService } from './contract';
import { readEnvironment } from './environment';
import { reportCompaction } from './report';

const log = printedLog(compactorService, process.env);

const { tableName, ...settings } = readEnvironment(process.env);
const table = dynamoLogTable(functionClient(), tableName);
const compactor = createCompactor({ table, now: Date.now }, settings);

/** Kept free at the end of an invocation, for the piece under way and the report. */
const endingMs = 10_000;

/**
 * Folds the deltas of every shard that are old enough into the items. What the time does not suffice for is left to the
 * next invocation.
 */
export async function handler(event: CompactionRequest, context: Context): Promise<CompactionAnswer> {
  const signal = AbortSignal.timeout(Math.max(context.getRemainingTimeInMillis() - endingMs, 1));
  const everything = event.everything ?? false;
  const before = { ...table.units };
  const compacted = await compactAll(table, compactor, everything, signal);
  const units = { read: table.units.read - before.read, write: table.units.write - before.write };
  reportCompaction(compacted, units, log);
  const isComplete = compacted.failedByError.size === 0 && compacted.shardsWithGap.length === 0;
  return { done: isComplete && (!everything || compacted.pending === 0) && !signal.aborted };
}
