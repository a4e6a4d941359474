import { SetupError } from '../../cli/setup-error';
import { errorPrefix, onFailurePrefix, repairedPrefix } from '../../contract/bucket-prefixes';
import { formatWindow } from '../../domain/counters/window';
import type { ObjectStore } from '../objects/object-store';
import { readOnFailureObject } from '../objects/on-failure-object';
import { type RepairPorts, repairBatch } from './repair-batch';

/** What became of one on-failure object. */
export interface Repair {
  readonly key: string;
  readonly outcome: 'repaired' | 'would be repaired' | 'repaired before' | 'too early' | 'left';
  /** Why, where it is not repaired. */
  readonly reason: string | undefined;
  readonly records: number;
  /** Lines of it that were counted, or would be; the others had been. */
  readonly counted: number;
  /** Of these, copies of events that were counted before. */
  readonly duplicates: number;
  readonly deltas: number;
  /** The hours in which they count, in ISO 8601. */
  readonly hours: readonly string[];
}

export interface RepairRequest {
  /** Undefined: every object, in the order of keys. */
  readonly key: string | undefined;
  /** With every object, also those that were repaired before: a restored table may have lost it. */
  readonly again: boolean;
  readonly dryRun: boolean;
}

/** Repairs one on-failure object or all; one that is left keeps none of the others from being repaired. */
export async function repairObjects(
  { key, again, dryRun }: RepairRequest,
  ports: RepairPorts,
): Promise<readonly Repair[]> {
  const keys: string[] = [];
  if (key !== undefined) {
    if (!originalOf(key).startsWith(onFailurePrefix)) throw new SetupError(notRepairable(key));
    keys.push(key);
  } else {
    for (const prefix of again ? [onFailurePrefix, repairedPrefix] : [onFailurePrefix]) {
      for await (const object of ports.onFailure.list(prefix)) keys.push(object.key);
    }
  }
  const repairs: Repair[] = [];
  for (const each of keys) repairs.push(await repairObject(each, dryRun, ports));
  return repairs;
}

function originalOf(key: string): string {
  return key.startsWith(repairedPrefix) ? key.slice(repairedPrefix.length) : key;
}

function notRepairable(key: string): string {
  const advice = key.startsWith(errorPrefix)
    ? 'the records of an error object were counted as invalid, and are sent again by "recover resubmit"'
    : '"recover list" names those there are';
  return `"${key}" is no batch that the aggregator gave up: ${advice}`;
}

/**
 * Counts what of a given-up batch is not counted, and then moves the object. Killed anywhere, the next run finds what is
 * counted already, and goes on.
 *
 * @param key of an on-failure object, repaired or not
 */
export async function repairObject(key: string, dryRun: boolean, ports: RepairPorts): Promise<Repair> {
  const { onFailure, stream } = ports;
  const original = originalOf(key);
  const goal = `${repairedPrefix}${original}`;
  const open = await onFailure.get(original);
  const body = open ?? (await onFailure.get(goal));
  if (body === undefined) return ended(original, 'left', { reason: `there is no object ${original}` });
  const object = readOnFailureObject(body);
  if (!object.ok) return ended(original, 'left', { reason: object.problem });
  const { batch } = object;
  const records = batch.records.length;
  const [streamName] = batch.shard.split('/');
  if (streamName !== stream.name) {
    const reason = `the batch is of stream ${streamName}, and the pipeline's is ${stream.name}`;
    return ended(original, 'left', { reason, records });
  }
  const { kind, events, duplicates, deltas, hours, ...rest } = await repairBatch(batch, dryRun, ports);
  const texts = [...hours].sort((a, b) => a - b).map(formatWindow);
  const report = { ...rest, records, counted: events, duplicates, deltas, hours: texts };
  if (kind !== 'counted') return ended(original, kind, report);
  if (dryRun) return ended(original, open || events > 0 ? 'would be repaired' : 'repaired before', report);
  if (open) await moveOnce(onFailure, original, goal);
  return ended(original, open || events > 0 ? 'repaired' : 'repaired before', report);
}

/** Another repair of the same object may have moved it meanwhile. */
async function moveOnce(onFailure: ObjectStore, from: string, to: string): Promise<void> {
  try {
    await onFailure.move(from, to);
  } catch (error) {
    const isMoved = (await onFailure.get(from)) === undefined && (await onFailure.get(to)) !== undefined;
    if (!isMoved) throw error;
  }
}

function ended(key: string, outcome: Repair['outcome'], report: Partial<Repair>): Repair {
  const nothing = { reason: undefined, records: 0, counted: 0, duplicates: 0, deltas: 0, hours: [] };
  return { key, outcome, ...nothing, ...report };
}
