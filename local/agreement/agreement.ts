import { counted } from '../../cli/counted';
import { countDifferences, sketchDifferences, sumOf } from '../../domain/counters/compare';
import { sketchName } from '../../domain/counters/fold';
import type { ItemAddress } from '../../domain/counters/item';
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
  readonly archived: { readonly objects: number; readonly lines: number; readonly distinct: number };
  /** Lines under the error prefix. */
  readonly rejected: number;
  /** Records in on-failure objects. */
  readonly onFailure: number;
  /** Every counter, every sketch, every archived line and every rejected record is as the stream has it, and nothing was given up. */
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
    archived: { objects: archive.objects, lines: archive.lines, distinct: archive.lineIds.size },
    rejected: archive.rejected,
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

function tableDifferences({ items, uniques }: StreamContents, table: TableContents): string[] {
  const counted = new Set(uniques.map(sketchName));
  const differences: string[] = [];
  for (const id of new Set([...items.keys(), ...table.keys()])) {
    const [expected, held] = [items.get(id), table.get(id)];
    const { group, size, start } = (held ?? expected!.address) as ItemAddress;
    const place = `${size} ${formatWindow(start)} of ${(held ?? expected)!.shardKey}`;
    for (const { dimension, value, ...counts } of countDifferences(held?.content, expected?.item.content)) {
      differences.push(
        `${place}, ${dimension} ${value ?? 'in all'}: ${counts.counted} counted, ${counts.expected} in the stream`,
      );
    }
    if (!counted.has(group)) continue;
    for (const { value, lacks } of sketchDifferences(held?.content, expected?.item.content)) {
      const what = lacks ? 'lacks some that are in the stream' : 'has some that are not in the stream';
      differences.push(`${place}, the sketch ${group} of ${value ?? 'all'} ${what}`);
    }
  }
  return differences;
}

/** A record is archived as all of its lines, or as a whole under the error prefix; more than once is allowed. */
function archiveDifferences(records: readonly ExpectedRecord[], archive: ArchiveContents): string[] {
  const differences: string[] = [];
  const known = new Set<string>();
  const failed = new Map<string, number>();
  for (const { lines, rawKey } of records) {
    for (const line of lines) known.add(line);
    const missing = lines.filter((line) => !archive.lineIds.has(line));
    if (missing.length === lines.length) failed.set(rawKey, (failed.get(rawKey) ?? 0) + 1);
    else for (const line of missing) differences.push(`line ${line} is not in the archive`);
  }
  for (const [key, count] of failed) {
    const found = archive.rawKeys.get(key) ?? 0;
    if (found < count)
      differences.push(
        `${counted(count - found, 'record')} that arrived at ${key.split(' ')[0]} ${count - found === 1 ? 'is' : 'are'} in no object`,
      );
  }
  const strangers = [...archive.lineIds].filter((line) => !known.has(line)).length;
  if (strangers > 0) differences.push(missingInStream(strangers, 'archived line'));
  const knownRaw = new Set(records.map(({ rawKey }) => rawKey));
  const rawStrangers = [...archive.rawKeys.keys()].filter((key) => !knownRaw.has(key)).length;
  if (rawStrangers > 0) differences.push(missingInStream(rawStrangers, 'rejected record'));
  return differences;
}

function missingInStream(count: number, what: string): string {
  return `${counted(count, what)} ${count === 1 ? 'is' : 'are'} not in the stream (any more)`;
}
