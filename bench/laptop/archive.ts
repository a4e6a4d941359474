import { gunzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { readObjects } from '../../local/adapters/s3-objects';

/** An object of the archive. */
export interface ArchiveObject {
  /** Epoch milliseconds. */
  readonly storedAt: number;
  readonly lines: readonly { readonly id: string; readonly arrivedAt: number }[];
}

/** Everything in the archive, one object at a time; what the function rejected is not in it. */
export async function* readArchive(client: S3Client, bucket: string): AsyncGenerator<ArchiveObject> {
  for await (const { body, storedAt } of readObjects(client, bucket, ['events/'])) {
    yield { storedAt: storedAt!.getTime(), lines: [...linesOf(gunzipSync(body))].map(placeOf) };
  }
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start);
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

function placeOf(line: Buffer): ArchiveObject['lines'][number] {
  const read = readArchivedLine(line);
  if (!read) throw new Error(`not a line of the archive: ${line.length} bytes`);
  const { shardId, sequenceNumber, subSequenceNumber, arrivedAt } = read.place;
  return { id: `${shardId} ${sequenceNumber} ${subSequenceNumber}`, arrivedAt };
}
