import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { readArchivedLine } from '../../domain/archived-line';

/** An object of the archive. */
export interface ArchiveObject {
  /** Epoch milliseconds. */
  readonly storedAt: number;
  readonly lines: readonly { readonly id: string; readonly arrivedAt: number }[];
}

/** Everything in the archive, one object at a time; what the function rejected is not in it. */
export async function* readArchive(client: S3Client, bucket: string): AsyncGenerator<ArchiveObject> {
  let after: string | undefined;
  for (;;) {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: 'events/',
        ...(after === undefined ? {} : { StartAfter: after }),
      }),
    );
    for (const { Key, LastModified } of page.Contents ?? []) {
      after = Key!;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: after }));
      const bytes = gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
      yield { storedAt: LastModified!.getTime(), lines: [...linesOf(bytes)].map(placeOf) };
    }
    if (!page.IsTruncated) return;
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
