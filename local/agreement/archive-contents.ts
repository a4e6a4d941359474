import { gunzipSync } from 'node:zlib';
import type { ReadObject } from '../adapters/s3-objects';
import { lineId } from './stream-contents';

export interface ArchiveContents {
  /** Objects with archive lines. */
  readonly objects: number;
  readonly lines: number;
  /** `shardId sequenceNumber index` of each line; a line that was delivered twice is in it once. */
  readonly lineIds: ReadonlySet<string>;
  /** Of these places, those of lines that are no events. */
  readonly rejectedIds: ReadonlySet<string>;
  /** Records under the error prefix, aggregates unpacked, by their bytes in base64, and how often each stands there. */
  readonly failed: ReadonlyMap<string, number>;
}

interface ArchiveLine {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
  readonly rejected?: string;
}

interface ErrorDocument {
  readonly rawData: string;
}

type ArchiveObject = Omit<ReadObject, 'storedAt'>;

/** @param errorPrefix what the keys of error documents begin with */
export async function readArchiveContents(
  objects: AsyncIterable<ArchiveObject>,
  errorPrefix: string,
): Promise<ArchiveContents> {
  const lineIds = new Set<string>();
  const rejectedIds = new Set<string>();
  const failed = new Map<string, number>();
  let count = 0;
  let lines = 0;
  for await (const object of objects) {
    const isError = object.key.startsWith(errorPrefix);
    if (!isError) count++;
    for (const line of linesOf(object)) {
      if (isError) {
        const { rawData } = JSON.parse(line) as ErrorDocument;
        failed.set(rawData, (failed.get(rawData) ?? 0) + 1);
      } else {
        lines++;
        const { shardId, sequenceNumber, subSequenceNumber, rejected } = JSON.parse(line) as ArchiveLine;
        const id = lineId(shardId, sequenceNumber, subSequenceNumber);
        lineIds.add(id);
        if (rejected !== undefined) rejectedIds.add(id);
      }
    }
  }
  return { objects: count, lines, lineIds, rejectedIds, failed };
}

function linesOf({ body, contentEncoding }: ArchiveObject): string[] {
  const text = (contentEncoding === 'gzip' ? gunzipSync(body) : body).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
