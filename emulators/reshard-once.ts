import { createRequire } from 'node:module';

interface ReshardRequest {
  readonly StreamName: string;
  readonly ShardToSplit?: string;
  readonly ShardToMerge?: string;
  readonly AdjacentShardToMerge?: string;
}

interface StoredStream {
  readonly Shards: readonly {
    readonly ShardId: string;
    readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
  }[];
}

type Callback = (error: unknown, answer?: unknown) => void;

interface Store {
  readonly metaDb: { readonly awsAccountId: string };
  getStream(name: string, callback: (error: unknown, stream?: StoredStream) => void): void;
}

type Action = (store: Store, request: ReshardRequest, callback: Callback) => void;

const fromKinesalite = createRequire(require.resolve('kinesalite'));

/**
 * Lets kinesalite refuse to split or merge a shard that is closed already, in AWS's words (kinesalite issue 109). Its
 * own actions do it again: a request that was repeated because its answer got lost left two open shards for each
 * hash key. To be called before kinesalite is loaded, since it looks its actions up once.
 */
export function reshardOnce(): void {
  const { clientError } = fromKinesalite('./db') as {
    clientError: (type: string, message: string) => unknown;
  };
  for (const name of ['splitShard', 'mergeShards']) {
    const path = fromKinesalite.resolve(`./actions/${name}`);
    const original = fromKinesalite(path) as Action;
    const once: Action = (store, request, callback) => {
      const { StreamName, ShardToSplit, ShardToMerge, AdjacentShardToMerge } = request;
      const asked = [ShardToSplit, ShardToMerge, AdjacentShardToMerge];
      // The action holds its lock when it looks at the stream: what it sees is checked there, or one before it may end
      // between the check and the look.
      const getStream: Store['getStream'] = (streamName, answer) =>
        store.getStream(streamName, (error, stream) => {
          const closed = stream?.Shards.find(
            ({ ShardId, SequenceNumberRange }) =>
              asked.includes(ShardId) && SequenceNumberRange.EndingSequenceNumber !== undefined,
          );
          if (!closed) return answer(error, stream);
          const where = `in stream ${StreamName} under account ${store.metaDb.awsAccountId}`;
          answer(
            clientError(
              'InvalidArgumentException',
              `Shard ${closed.ShardId} ${where} has already been merged or split, and thus is not eligible for merging or splitting.`,
            ),
          );
        });
      original(Object.create(store, { getStream: { value: getStream } }) as Store, request, callback);
    };
    fromKinesalite.cache[path]!.exports = once;
  }
}
