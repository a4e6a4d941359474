import { counted } from '../cli/counted';
import { sumOf } from '../domain/counters/difference';
import { sketchName } from '../domain/counters/fold';
import type { ViewedItem } from '../table/view';
import type { ArchiveContents } from './archive-contents';
import { counterDifferences, differenceText, shardDifferences } from './counter-differences';
import type { ExpectedRecord, StreamContents } from './stream-contents';

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
  table: readonly ViewedItem[],
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
      distinct: archive.places.size,
      rejected: archive.rejected.size,
    },
    failed: [...archive.failed.values()].reduce((sum, records) => sum + records, 0),
    onFailure,
    exact: differences.length === 0,
    differences: differences.slice(0, differencesShown),
  };
}

/** Every event counts in exactly one hour of a dimension that it has. */
function hourlySum(table: readonly ViewedItem[], dimension: string): number {
  let sum = 0;
  for (const { size, content } of table) {
    const counts = size === 'hour' && content.counts.get(dimension);
    if (counts) sum += sumOf(counts);
  }
  return sum;
}

/** By the comparison that `recover verify` and `recover rebuild` go by. */
function tableDifferences({ items, uniques }: StreamContents, table: readonly ViewedItem[]): string[] {
  const counts = new Set(uniques.map(sketchName));
  const expected = [...items.values()].map(({ shardKey, address, item }) => ({
    ...address,
    ...item,
    shardKey,
  }));
  const differences: string[] = [];
  for (const [shardKey, difference] of shardDifferences(table, expected)) {
    // Sketches of what is not counted any more may be left.
    const sketches = difference.sketches.filter(({ name }) => counts.has(name));
    for (const each of counterDifferences(shardKey, { ...difference, sketches })) {
      differences.push(differenceText(each, 'in the stream'));
    }
  }
  return differences;
}

/** A record is archived as all of its lines, or stands as a whole under the error prefix; more than once is allowed. */
function archiveDifferences(records: readonly ExpectedRecord[], archive: ArchiveContents): string[] {
  const differences: string[] = [];
  const [known, knownDigests] = [new Set<string>(), new Set<string>()];
  const absent = new Map<string, string[]>();
  for (const { lines, digest } of records) {
    knownDigests.add(digest);
    for (const line of lines) known.add(line);
    const missing = lines.filter((line) => !archive.places.has(line));
    if (missing.length === lines.length) absent.set(digest, [...(absent.get(digest) ?? []), lines[0]!]);
    else for (const line of missing) differences.push(`line ${line} is not in the archive`);
  }
  for (const [digest, firstLines] of absent) {
    const found = archive.failed.get(digest) ?? 0;
    for (const line of firstLines.slice(found))
      differences.push(`the record of line ${line} is in no object`);
  }
  const strangers = [...archive.places].filter((line) => !known.has(line)).length;
  if (strangers > 0) differences.push(missingInStream(strangers, 'archived line'));
  const failedStrangers = [...archive.failed.keys()].filter((digest) => !knownDigests.has(digest)).length;
  if (failedStrangers > 0)
    differences.push(missingInStream(failedStrangers, 'record', ' under the error prefix'));
  return differences;
}

function missingInStream(count: number, what: string, where = ''): string {
  return `${counted(count, what)}${where} ${count === 1 ? 'is' : 'are'} not in the stream (any more)`;
}
