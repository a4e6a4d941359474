import type { ArchiveContents } from './archive-contents';
import { sketchDifferences } from './expected-sketches';
import type { Counters, ExpectedRecord, StreamContents } from './stream-contents';
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
    ...counterDifferences(stream.counters, table),
    ...sketchDifferences(stream.sketches, table.sketches, stream.uniques),
    ...archiveDifferences(stream.records, archive),
    ...(onFailure > 0 ? [`${onFailure} records were given up and are in on-failure objects`] : []),
  ];
  return {
    accepted: stream.accepted,
    aggregated: {
      valid: hourlySum(table.counters, 'total') + hourlySum(table.counters, 'duplicate'),
      duplicates: hourlySum(table.counters, 'duplicate'),
      invalid: hourlySum(table.counters, 'invalid'),
      late: hourlySum(table.counters, 'late'),
    },
    archived: { objects: archive.objects, lines: archive.lines, distinct: archive.lineIds.size },
    rejected: archive.rejected,
    onFailure,
    exact: differences.length === 0,
    differences: differences.slice(0, differencesShown),
  };
}

/** Every event counts in exactly one hour of a dimension that it has. */
function hourlySum(counters: Counters, dimension: string): number {
  let sum = 0;
  for (const [item, counts] of counters) {
    if (item.startsWith(`${dimension}#0 hour#`)) for (const count of counts.values()) sum += count;
  }
  return sum;
}

function counterDifferences(expected: Counters, { counters, others }: TableContents): string[] {
  const differences: string[] = [];
  for (const item of new Set([...expected.keys(), ...counters.keys()])) {
    const wanted = expected.get(item) ?? new Map<string, number>();
    const held = counters.get(item) ?? new Map<string, number>();
    const other = others.get(item);
    if (other !== undefined) {
      // Which values had no room shows only in the order of events; that all were counted shows in the sum.
      const [all, counted] = [sum(wanted), sum(held) + other];
      if (all !== counted) differences.push(`${item}: ${counted} counted, ${all} in the stream`);
      continue;
    }
    for (const value of new Set([...wanted.keys(), ...held.keys()])) {
      const [all, counted] = [wanted.get(value) ?? 0, held.get(value) ?? 0];
      if (all !== counted) differences.push(`${item} ${value}: ${counted} counted, ${all} in the stream`);
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
      differences.push(`${count - found} records that arrived at ${key.split(' ')[0]} are in no object`);
  }
  const strangers = [...archive.lineIds].filter((line) => !known.has(line)).length;
  if (strangers > 0) differences.push(`${strangers} archived lines are not in the stream (any more)`);
  const knownRaw = new Set(records.map(({ rawKey }) => rawKey));
  const rawStrangers = [...archive.rawKeys.keys()].filter((key) => !knownRaw.has(key)).length;
  if (rawStrangers > 0) differences.push(`${rawStrangers} rejected records are not in the stream (any more)`);
  return differences;
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
