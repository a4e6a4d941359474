import { SetupError } from '../../cli/setup-error';
import { type CounterKey, itemId, readSortKey } from '../../domain/counter-item';
import { errorPrefix } from '../objects/error-object';
import { onFailurePrefix, readOnFailureObject, repairedPrefix } from '../objects/on-failure-object';
import { chase } from './chase';
import { type ItemOutcome, makeChanges } from './make-changes';
import { planRepair, type RepairPorts } from './plan';
import { mergeSketches, type SketchPorts } from './sketches';

export interface RepairObjectPorts extends RepairPorts, SketchPorts {}

/** What became of one on-failure object. */
export interface Repair {
  readonly key: string;
  readonly outcome: 'repaired' | 'would be repaired' | 'repaired before' | 'archive behind' | 'left';
  /** Why, where it was left. */
  readonly reasons: readonly string[];
  readonly records: number;
  /** Items of the table, by what was done with them. */
  readonly items: Readonly<Record<'written' | 'removed' | 'right' | 'expired', number>>;
  /** Items with sketches that did not know all of the batch's visitors and sessions. */
  readonly sketches: number;
  /** The windows that were wrong: `hour 2026-01-31T09:00:00Z`. */
  readonly windows: readonly string[];
  readonly objectsRead: number;
  /** Lines that were read from the stream, since the archive did not have them yet. */
  readonly linesFromStream: number;
}

export interface RepairRequest {
  /** Undefined: every object, in the order of keys. */
  readonly key: string | undefined;
  readonly dryRun: boolean;
}

/** Repairs one on-failure object or all; one that is left keeps none of the others from being repaired. */
export async function repairObjects(
  { key, dryRun }: RepairRequest,
  ports: RepairObjectPorts,
): Promise<readonly Repair[]> {
  if (key !== undefined) {
    // Whoever takes a key of `list --all` means the same batch.
    const original = key.startsWith(repairedPrefix) ? key.slice(repairedPrefix.length) : key;
    if (!original.startsWith(onFailurePrefix)) throw new SetupError(notRepairable(key));
    return [await repairObject(original, dryRun, ports)];
  }
  const keys: string[] = [];
  for await (const object of ports.onFailure.list(onFailurePrefix)) keys.push(object.key);
  const repairs: Repair[] = [];
  for (const each of keys) repairs.push(await repairObject(each, dryRun, ports));
  return repairs;
}

function notRepairable(key: string): string {
  const advice = key.startsWith(errorPrefix)
    ? 'the records of an error object were counted as invalid, and are sent again by "recover resubmit"'
    : '"recover list" names those there are';
  return `"${key}" is no batch that the aggregator gave up: ${advice}`;
}

/**
 * Puts the windows of a given-up batch right, and then moves the object. Each item is written whole, under the position
 * at which it was read; killed anywhere, the next run finds what is right already, and goes on.
 *
 * @param key of an on-failure object
 */
export async function repairObject(key: string, dryRun: boolean, ports: RepairObjectPorts): Promise<Repair> {
  const body = await ports.onFailure.get(key);
  const goal = `${repairedPrefix}${key}`;
  if (body === undefined) {
    const isDone = (await ports.onFailure.get(goal)) !== undefined;
    return isDone
      ? ended(key, 'repaired before')
      : ended(key, 'left', { reasons: [`there is no object ${key}`] });
  }
  const object = readOnFailureObject(body);
  if (!object.ok) return ended(key, 'left', { reasons: [object.problem] });
  const records = object.batch.records.length;
  const plan = await planRepair(object.batch, ports);
  if (plan.kind === 'behind') return ended(key, 'archive behind', { reasons: [plan.reason], records });
  if (plan.kind === 'refused') return ended(key, 'left', { reasons: plan.reasons, records });
  const done = new Map<string, DoneItem>();
  const note = (item: CounterKey, outcome: ItemOutcome) =>
    void done.set(itemId(item), { key: item, outcome });
  const movedOn = await makeChanges(plan.items, dryRun, ports.table, note);
  const reasons = await chase(movedOn, object.batch, plan, ports, note);
  const { objectsRead, linesFromStream } = plan.history;
  const report = { records, ...reportOf(done), objectsRead, linesFromStream };
  if (reasons.length > 0) return ended(key, 'left', { ...report, reasons });
  const sketches = await mergeSketches(object.batch, dryRun, ports);
  if (plan.left.length > 0) return ended(key, 'left', { ...report, sketches, reasons: plan.left });
  if (dryRun) return ended(key, 'would be repaired', { ...report, sketches });
  await ports.onFailure.move(key, goal);
  return ended(key, 'repaired', { ...report, sketches });
}

interface DoneItem {
  readonly key: CounterKey;
  readonly outcome: ItemOutcome;
}

/** Says of how many items, by what was done with them, and in which windows something was wrong. */
function reportOf(done: ReadonlyMap<string, DoneItem>): Pick<Repair, 'items' | 'windows'> {
  const items = { written: 0, removed: 0, right: 0, expired: 0 };
  const windows = new Set<string>();
  for (const { key, outcome } of done.values()) {
    items[outcome]++;
    const { window, start } = readSortKey(key);
    if (outcome === 'written' || outcome === 'removed') windows.add(`${window} ${start}`);
  }
  return { items, windows: [...windows].sort() };
}

function ended(key: string, outcome: Repair['outcome'], report: Partial<Repair> = {}): Repair {
  return {
    key,
    outcome,
    reasons: [],
    records: 0,
    items: { written: 0, removed: 0, right: 0, expired: 0 },
    sketches: 0,
    windows: [],
    objectsRead: 0,
    linesFromStream: 0,
    ...report,
  };
}
