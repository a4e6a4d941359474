import { gunzipSync } from 'node:zlib';
import type { ReadObject } from '../adapters/s3-objects';
import { lineId, rawKey } from './stream-contents';

export interface ArchiveContents {
  /** Objects with archive lines. */
  readonly objects: number;
  readonly lines: number;
  /** `shardId sequenceNumber index` of each line; a line that was delivered twice is in it once. */
  readonly lineIds: ReadonlySet<string>;
  /** Lines under the error prefix. */
  readonly rejected: number;
  /** The records under the error prefix, aggregates unpacked, and how often each stands there. */
  readonly rawKeys: ReadonlyMap<string, number>;
}

interface ArchiveLine {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
}

interface ErrorDocument {
  readonly rawData: string;
  readonly arrivalTimestamp: number;
}

type ArchiveObject = Omit<ReadObject, 'storedAt'>;

/** @param errorPrefix what the keys of error documents begin with */
export async function readArchiveContents(
  objects: AsyncIterable<ArchiveObject>,
  errorPrefix: string,
): Promise<ArchiveContents> {
  const lineIds = new Set<string>();
  const rawKeys = new Map<string, number>();
  let count = 0;
  let lines = 0;
  let rejected = 0;
  for await (const object of objects) {
    const isError = object.key.startsWith(errorPrefix);
    if (!isError) count++;
    for (const line of linesOf(object)) {
      if (isError) {
        rejected++;
        const { rawData, arrivalTimestamp } = JSON.parse(line) as ErrorDocument;
        const key = rawKey(rawData, arrivalTimestamp);
        rawKeys.set(key, (rawKeys.get(key) ?? 0) + 1);
      } else {
        lines++;
        const { shardId, sequenceNumber, subSequenceNumber } = JSON.parse(line) as ArchiveLine;
        lineIds.add(lineId(shardId, sequenceNumber, subSequenceNumber));
      }
    }
  }
  return { objects: count, lines, lineIds, rejected, rawKeys };
}

function linesOf({ body, contentEncoding }: ArchiveObject): string[] {
  const text = (contentEncoding === 'gzip' ? gunzipSync(body) : body).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
