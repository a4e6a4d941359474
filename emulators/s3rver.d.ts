declare module '@20minutes/s3rver' {
  import type { RequestListener } from 'node:http';
  import type { Readable } from 'node:stream';

  namespace S3rver {
    interface Options {
      readonly address?: string;
      readonly port?: number;
      readonly silent?: boolean;
      readonly directory?: string;
      readonly resetOnClose?: boolean;
      readonly allowMismatchedSignatures?: boolean;
      readonly vhostBuckets?: boolean;
    }

    interface StoredObject {
      readonly bucket: string;
      readonly key: string;
      readonly content: Buffer | Readable;
      readonly metadata: Readonly<Record<string, unknown>>;
    }

    interface FoundObject {
      /** In full, for a part of it as well. */
      readonly size: number;
      readonly content: Readable | null;
    }

    interface ListOptions {
      readonly prefix?: string;
      readonly delimiter?: string;
      readonly startAfter?: string;
      readonly maxKeys?: number;
    }

    interface Listing {
      readonly objects: readonly object[];
      readonly commonPrefixes: readonly string[];
      readonly isTruncated: boolean;
    }

    interface Store {
      getBucketPath(bucket: string): string;
      getResourcePath(bucket: string, key: string | undefined, resource: string): string;
      getBucket(bucket: string): Promise<object | null>;
      getObject(bucket: string, key: string, options?: object): Promise<FoundObject | null>;
      getMetadata(bucket: string, key: string): Promise<Record<string, unknown>>;
      putContent(path: string, content: Buffer | Readable): Promise<[size: number, md5: string]>;
      putMetadata(
        bucket: string,
        key: string,
        metadata: StoredObject['metadata'],
        md5: string,
      ): Promise<void>;
      putObject(object: StoredObject): Promise<{ size: number; md5: string }>;
      initiateUpload(bucket: string, key: string, uploadId: string, metadata: object): Promise<void>;
      putPart(
        bucket: string,
        uploadId: string,
        partNumber: string,
        content: Buffer | Readable,
      ): Promise<object>;
      putObjectMultipart(
        bucket: string,
        uploadId: string,
        parts: readonly { readonly number: number }[],
      ): Promise<object>;
      listObjects(bucket: string, options: ListOptions): Promise<Listing>;
    }

    interface Context {
      readonly method: string;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      query: Record<string, string | string[] | undefined>;
      body: unknown;
    }

    type Middleware = (context: Context, next: () => Promise<void>) => Promise<void>;
  }

  class S3rver {
    constructor(options: S3rver.Options);
    readonly store: S3rver.Store;
    /** Koa's list; the router is the last. */
    readonly middleware: S3rver.Middleware[];
    callback(): RequestListener;
  }

  export = S3rver;
}

declare module '@20minutes/s3rver/lib/models/error' {
  class S3Error extends Error {
    constructor(code: string, message: string, detail?: Readonly<Record<string, string>>);
  }
  export = S3Error;
}

declare module '@20minutes/s3rver/lib/models/object' {
  class S3Object {
    constructor(bucket: string, key: string, content: null, metadata: Record<string, unknown>);
  }
  export = S3Object;
}
