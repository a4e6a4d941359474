import { gzipSync } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { unpacked } from '../../domain/archive/lines-in';

export interface ObjectInfo {
  readonly key: string;
  /** Epoch milliseconds at which it was written. */
  readonly writtenAt: number;
}

/** One bucket, as far as recovery uses it. */
export interface ObjectStore {
  /** Every object whose key starts with the prefix, in the order of keys; with `after`, those behind that text. */
  list(prefix: string, after?: string): AsyncIterable<ObjectInfo>;
  /** An object's bytes, unpacked if they are gzip; undefined if there is none of that key. */
  get(key: string): Promise<Buffer | undefined>;
  put(key: string, body: Buffer): Promise<void>;
  /** Packs it by gzip, as a delivery stream does. */
  putGzip(key: string, body: Buffer): Promise<void>;
  /** As `put`, but throws if there is an object of that key already; on the laptop's S3 it replaces that one. */
  create(key: string, body: Buffer): Promise<void>;
  delete(key: string): Promise<void>;
  /** Copies, then deletes: killed in between, both are there, and moving again ends it. */
  move(from: string, to: string): Promise<void>;
}

export function s3ObjectStore(client: S3Client, bucket: string): ObjectStore {
  return {
    async *list(prefix, after) {
      const input = { Bucket: bucket, Prefix: prefix, ...(after === undefined ? {} : { StartAfter: after }) };
      for await (const page of paginateListObjectsV2({ client }, input)) {
        for (const { Key: key, LastModified } of page.Contents ?? []) {
          if (key !== undefined) yield { key, writtenAt: LastModified?.getTime() ?? 0 };
        }
      }
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return unpacked(Buffer.from((await Body?.transformToByteArray()) ?? []));
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async put(key, body) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    async putGzip(key, body) {
      const packed = { Body: gzipSync(body), ContentEncoding: 'gzip' };
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...packed }));
    },
    async create(key, body) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*' }));
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    async move(from, to) {
      // The laptop's S3 does not take an equals sign for what it is in its other spelling.
      const key = encodeURIComponent(from).replaceAll('%2F', '/').replaceAll('%3D', '=');
      const source = `${bucket}/${key}`;
      await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source }));
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: from }));
    },
  };
}
