import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../object-store';

/** An object as it is stored: still compressed, if its encoding says so. */
export interface ReadObject {
  readonly key: string;
  readonly body: Buffer;
  readonly contentEncoding: string | undefined;
  readonly storedAt: Date | undefined;
}

export function createS3ObjectStore(client: S3Client): ObjectStore {
  return {
    put: async ({ bucket, key, body, contentType, contentEncoding }) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
        }),
      );
    },
  };
}

/** The keys below a prefix, in their order; a body is read when it is asked for. */
export async function* listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<{ readonly key: string; body(): Promise<Buffer> }> {
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of page.Contents ?? []) {
      if (Key === undefined) continue;
      const body = async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      };
      yield { key: Key, body };
    }
  }
}

/** Every object below the prefixes (without them, of the bucket), in the order of keys below each, one at a time. */
export async function* readObjects(
  client: S3Client,
  bucket: string,
  prefixes: readonly string[] = [''],
): AsyncGenerator<ReadObject> {
  for (const prefix of prefixes) {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key === undefined) continue;
        const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
        yield { key: Key, body, contentEncoding: object.ContentEncoding, storedAt: LastModified };
      }
    }
  }
}
