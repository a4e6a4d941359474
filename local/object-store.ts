/** What the services of the laptop need of S3. */
export interface ObjectStore {
  /** Resolves once the object is stored; an object of that key is replaced. */
  put(object: StoredObject): Promise<void>;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly contentEncoding?: string;
}
