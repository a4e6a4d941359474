import { createDecipheriv } from 'node:crypto';
import { createRequire } from 'node:module';

interface RecordsRequest {
  readonly ShardIterator: string;
}

interface RecordsAnswer {
  NextShardIterator?: string | undefined;
  readonly Records: readonly unknown[];
}

type Callback = (error: unknown, answer?: RecordsAnswer) => void;

interface StoredStream {
  readonly Shards: readonly { readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string } }[];
}

interface Store {
  getStream(name: string, callback: (error: unknown, stream?: StoredStream) => void): void;
}

type Action = (store: Store, request: RecordsRequest, callback: Callback) => void;

interface Internals {
  readonly ITERATOR_PWD_KEY: Buffer;
  readonly ITERATOR_PWD_IV: Buffer;
  parseSequence(sequenceNumber: string): { readonly seqIx: { toString(): string } };
}

const fromKinesalite = createRequire(require.resolve('kinesalite'));
/** Before the part of an iterator that is enciphered. */
const iteratorHeadBytes = 8;

/**
 * Lets kinesalite end a closed shard where its records end. Its own action goes by the clock: after a split, a clock
 * that was set back keeps the shard open until it has caught up, and whoever waits for its end before he reads the
 * children waits as long. To be called before kinesalite is loaded, since it looks its actions up once.
 */
export function endShardsWithTheirRecords(): void {
  const path = fromKinesalite.resolve('./actions/getRecords');
  const original = fromKinesalite(path) as Action;
  const internals = fromKinesalite('./db') as Internals;

  const corrected: Action = (store, request, callback) => {
    const place = placeOf(request.ShardIterator, internals);
    if (!place) return original(store, request, callback);
    // Looked at before the records: what comes between the two would be lost behind an end.
    store.getStream(place.stream, (_error, stream) => {
      const isClosed = stream?.Shards[place.shard]?.SequenceNumberRange.EndingSequenceNumber !== undefined;
      original(store, request, (error, answer) => {
        if (isClosed && answer?.NextShardIterator && answer.Records.length === 0) {
          // It has moved on where it passed records that are too old to be given out.
          const hasMoved = placeOf(answer.NextShardIterator, internals)?.index !== place.index;
          if (!hasMoved) answer.NextShardIterator = undefined;
        }
        callback(error, answer);
      });
    });
  };
  fromKinesalite.cache[path]!.exports = corrected;
}

/** Where an iterator stands; undefined for what is none, which kinesalite itself refuses. */
function placeOf(
  iterator: string,
  { ITERATOR_PWD_KEY, ITERATOR_PWD_IV, parseSequence }: Internals,
): { readonly stream: string; readonly shard: number; readonly index: string } | undefined {
  try {
    const decipher = createDecipheriv('aes-256-cbc', ITERATOR_PWD_KEY, ITERATOR_PWD_IV);
    const enciphered = Buffer.from(iterator, 'base64').subarray(iteratorHeadBytes);
    const text = Buffer.concat([decipher.update(enciphered), decipher.final()]).toString();
    const [, stream = '', shardId = '', sequenceNumber = ''] = text.split('/');
    const index = parseSequence(sequenceNumber).seqIx.toString();
    return { stream, shard: Number(shardId.split('-')[1]), index };
  } catch {
    return undefined;
  }
}
