import { givenUp as onFailureObject } from '../../recover/failure-factory';
import { createMemoryBucket, type MemoryBucket } from '../../recover/memory-bucket';
import type { Journal } from './journal';
import type { ModelEvent, ModelRecord, ModelShard } from './stream';

/** Records that a mapping has given up: what an on-failure object holds. */
export interface GivenUp {
  /** Of the object. */
  readonly key: string;
  readonly shard: ModelShard;
  readonly records: readonly ModelRecord[];
  /** A repair has said so: all of it is counted. */
  isRepaired: boolean;
}

/** The on-failure objects, and what the model knows of each. */
export class OnFailureObjects {
  readonly bucket: MemoryBucket;
  private readonly all: GivenUp[] = [];

  /** @param now epoch milliseconds */
  constructor(
    private readonly journal: Journal,
    private readonly now: () => number,
  ) {
    this.bucket = createMemoryBucket(now);
  }

  put(shard: ModelShard, records: readonly ModelRecord[]): void {
    this.journal.occurred.givenUp++;
    const uuid = `object-${String(this.all.length).padStart(3, '0')}`;
    const { key, body } = onFailureObject(shard.name, records, { uuid, now: this.now() });
    this.bucket.objects.set(key, { body, writtenAt: this.now() });
    this.all.push({ key, shard, records, isRepaired: false });
    this.journal.note(() => {
      const [first, last] = [records[0]!.number, records.at(-1)!.number];
      return `given up ${shard.name} records ${first} to ${last}`;
    });
  }

  hold(shard: ModelShard, { record }: ModelEvent): boolean {
    return this.all.some((one) => one.shard === shard && one.records.some(({ number }) => number === record));
  }

  notRepaired(): GivenUp[] {
    return this.all.filter(({ isRepaired }) => !isRepaired);
  }

  /** A restored table has what was repaired since no more. */
  forgetRepairs(): void {
    for (const one of this.all) one.isRepaired = false;
  }
}
