import { counted } from '../../cli/counted';
import {
  type AddressedItem,
  type CountDifference,
  shardDifference,
  sumOf,
} from '../../domain/counters/difference';
import { sketchName } from '../../domain/counters/fold';
import { formatWindow } from '../../domain/counters/window';
import type { ArchiveContents } from './archive-contents';
import type { ExpectedRecord, StreamContents } from './stream-contents';
import type { TableContents } from './table-contents';

/** Whether table and archive say what the stream says. */
export interface Agreement {
  readonly accepted: number;
  readonly aggregated: {
    /** Duplicates included. */
    readonly valid: number;
    readonly duplicates: number;
    readonly invalid: number;
    readonly late: number;
  };
  readonly archived: {
    readonly objects: number;
    readonly lines: number;
    readonly distinct: number;
    /** Of the distinct lines, those that are no events. */
    readonly rejected: number;
  };
  /** Records under the error prefix, at which the transformer failed. */
  readonly failed: number;
  /** Records in on-failure objects. */
  readonly onFailure: number;
  /** Every counter, every sketch, and every archived line is as the stream has it, and nothing was given up. */
  readonly exact: boolean;
  /** The first differences, in words. */
  readonly differences: readonly string[];
}

const differencesShown = 10;

export function compareContents(
  stream: StreamContents,
  table: TableContents,
  archive: ArchiveContents,
  onFailure: number,
): Agreement {
  const differences = [
    ...tableDifferences(stream, table),
    ...archiveDifferences(stream.records, archive),
    ...(onFailure > 0
      ? [
          `${counted(onFailure, 'record was', 'records were')} given up, and ${onFailure === 1 ? 'is' : 'are'} in on-failure objects`,
        ]
      : []),
  ];
  return {
    accepted: stream.accepted,
    aggregated: {
      valid: hourlySum(table, 'total') + hourlySum(table, 'duplicate'),
      duplicates: hourlySum(table, 'duplicate'),
      invalid: hourlySum(table, 'invalid'),
      late: hourlySum(table, 'late'),
    },
    archived: {
      objects: archive.objects,
      lines: archive.lines,
      distinct: archive.lineIds.size,
      rejected: archive.rejectedIds.size,
    },
    failed: [...archive.failed.values()].reduce((sum, records) => sum + records, 0),
    onFailure,
    exact: differences.length === 0,
    differences: differences.slice(0, differencesShown),
  };
}

/** Every event counts in exactly one hour of a dimension that it has. */
function hourlySum(table: TableContents, dimension: string): number {
  let sum = 0;
  for (const { size, content } of table.values()) {
    const counts = size === 'hour' && content.counts.get(dimension);
    if (counts) sum += sumOf(counts);
  }
  return sum;
}

/** By the comparison that `recover verify` and `recover rebuild` go by. */
function tableDifferences({ items, uniques }: StreamContents, table: TableContents): string[] {
  const counted = new Set(uniques.map(sketchName));
  const shards = new Map<string, { readonly stored: AddressedItem[]; readonly expected: AddressedItem[] }>();
  const shardOf = (shardKey: string) => {
    const shard = shards.get(shardKey) ?? { stored: [], expected: [] };
    shards.set(shardKey, shard);
    return shard;
  };
  for (const item of table.values()) shardOf(item.shardKey).stored.push(item);
  for (const { shardKey, address, item } of items.values()) {
    shardOf(shardKey).expected.push({ ...address, ...item });
  }
  const differences: string[] = [];
  for (const [shardKey, { stored, expected }] of shards) {
    const { counts, sketches } = shardDifference(stored, expected);
    for (const { name, size, start, of, ...both } of counts) {
      const place = `${size} ${formatWindow(start)} of ${shardKey}`;
      differences.push(
        `${place}, ${name} ${textOf(of)}: ${both.counted} counted, ${both.expected} in the stream`,
      );
    }
    for (const { name, size, start, value, missing } of sketches) {
      if (!counted.has(name)) continue;
      const what =
        missing.size > 0 ? 'lacks some that are in the stream' : 'has some that are not in the stream';
      const place = `${size} ${formatWindow(start)} of ${shardKey}`;
      differences.push(`${place}, the sketch ${name} of ${value} ${what}`);
    }
  }
  return differences;
}

function textOf(of: CountDifference['of']): string {
  if (typeof of !== 'string') return of.value;
  return of === 'other' ? 'in all' : 'cut';
}

/** A record is archived as all of its lines, or stands as a whole under the error prefix; more than once is allowed. */
function archiveDifferences(records: readonly ExpectedRecord[], archive: ArchiveContents): string[] {
  const differences: string[] = [];
  const [known, knownRaw] = [new Set<string>(), new Set<string>()];
  const absent = new Map<string, string[]>();
  for (const { lines, raw } of records) {
    knownRaw.add(raw);
    for (const line of lines) known.add(line);
    const missing = lines.filter((line) => !archive.lineIds.has(line));
    if (missing.length === lines.length) absent.set(raw, [...(absent.get(raw) ?? []), lines[0]!]);
    else for (const line of missing) differences.push(`line ${line} is not in the archive`);
  }
  for (const [raw, firstLines] of absent) {
    const found = archive.failed.get(raw) ?? 0;
    for (const line of firstLines.slice(found))
      differences.push(`the record of line ${line} is in no object`);
  }
  const strangers = [...archive.lineIds].filter((line) => !known.has(line)).length;
  if (strangers > 0) differences.push(missingInStream(strangers, 'archived line'));
  const rawStrangers = [...archive.failed.keys()].filter((raw) => !knownRaw.has(raw)).length;
  if (rawStrangers > 0) differences.push(missingInStream(rawStrangers, 'record', ' under the error prefix'));
  return differences;
}

function missingInStream(count: number, what: string, where = ''): string {
  return `${counted(count, what)}${where} ${count === 1 ? 'is' : 'are'} not in the stream (any more)`;
}
