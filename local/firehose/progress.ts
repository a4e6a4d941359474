import type { CheckpointStore } from '../checkpoint-store';
import type { StartPosition } from '../stream-reader';
import { type RetryContext, untilItSucceeds } from './backoff';

/** The document that a delivery stream keeps in the checkpoint store. */
interface ProgressDocument {
  /** Epoch milliseconds at which the delivery stream was created, that is, first started. */
  readonly createdAt: number;
  readonly shards: Record<string, ShardProgress>;
  /** Events archived up to the places of the shards. Stored with them, so that what is delivered again counts once. */
  events?: number;
}

interface ShardProgress {
  /** Where to read while nothing of the shard is delivered: a shard that appears later is read from its start. */
  readonly from: 'creation' | 'start';
  /** Everything up to and with this record, the whole of an aggregate, is in S3 or dropped by the transformer. */
  readonly sequenceNumber?: string;
  readonly finished?: boolean;
}

export interface Progress {
  readonly createdAt: number;
  positionOf(shardId: string): StartPosition;
  isFinished(shardId: string): boolean;
  /** @param events that were archived since the place before */
  advance(shardId: string, sequenceNumber: string, events: number): void;
  /** Events archived since the creation, up to the places of the shards. */
  events(): number;
  finish(shardId: string): void;
  /** Forgets finished shards that the stream no longer lists. */
  keepOnly(shardIds: readonly string[]): void;
  /** Resolves when all changes so far would survive the death of the process, or a last attempt to store them failed. */
  saved(): Promise<void>;
}

export interface ProgressContext extends RetryContext {
  readonly checkpoints: CheckpointStore;
  readonly key: string;
  /** The shards that exist at the creation; asked for at the first start only. */
  readonly shardIdsNow: () => Promise<readonly string[]>;
}

/** Loads the progress made before, or creates it; the creation is stored when this resolves. */
export async function openProgress(context: ProgressContext): Promise<Progress> {
  const { checkpoints, key } = context;
  const stored = await checkpoints.get<ProgressDocument>(key);
  const document = stored ?? (await create(context));
  const { createdAt, shards } = document;
  if (!stored) await checkpoints.put(key, document);
  let saving: Promise<void> | undefined;
  let changed = false;

  const writeChanges = async () => {
    while (changed) {
      changed = false;
      await untilItSucceeds(() => checkpoints.put(key, document), context);
    }
    saving = undefined;
  };
  const change = (shardId: string, progress: Partial<ShardProgress>) => {
    shards[shardId] = { from: 'start', ...shards[shardId], ...progress };
    changed = true;
    saving ??= writeChanges();
  };

  return {
    createdAt,
    positionOf: (shardId) => {
      const { from = 'start', sequenceNumber } = shards[shardId] ?? {};
      if (sequenceNumber) return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
      return from === 'creation' ? { type: 'AT_TIMESTAMP', timestamp: createdAt } : { type: 'TRIM_HORIZON' };
    },
    isFinished: (shardId) => shards[shardId]?.finished ?? false,
    advance: (shardId, sequenceNumber, events) => {
      document.events = (document.events ?? 0) + events;
      change(shardId, { sequenceNumber });
    },
    events: () => document.events ?? 0,
    finish: (shardId) => change(shardId, { finished: true }),
    keepOnly: (shardIds) => {
      const listed = new Set(shardIds);
      for (const [shardId, { finished }] of Object.entries(shards)) {
        if (finished && !listed.has(shardId)) delete shards[shardId];
      }
    },
    saved: async () => saving,
  };
}

async function create({ clock, shardIdsNow }: ProgressContext): Promise<ProgressDocument> {
  // The instant comes first: what arrives while the shards are listed is already the delivery stream's.
  const createdAt = clock.now();
  const shardIds = await shardIdsNow();
  return {
    createdAt,
    shards: Object.fromEntries(shardIds.map((id) => [id, { from: 'creation' as const }])),
  };
}
