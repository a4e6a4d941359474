import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type CounterKey, keyAttributes } from '../../domain/counter-item';
import type { DynamoCalls } from './dynamo-calls';

export interface WriteResult<Held> {
  readonly written: boolean;
  /** What the item holds instead; undefined if it has gone meanwhile. */
  readonly held?: Held;
  /** Times that the client sent the write again after a fault. */
  readonly retries: number;
}

/** What every conditional write asks for. */
interface AskedOfWrite {
  readonly TableName: string;
  /** DynamoDB returns the item with a refusal. */
  readonly ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
}

/** Items of one kind, each written under a condition on what it holds. */
export interface ConditionalItems<Held> {
  /** The item as it stands, read consistently. */
  read(key: CounterKey, signal: AbortSignal): Promise<Held | undefined>;
  /**
   * Makes a write that carries a condition, and says what the item holds if that refuses it.
   *
   * @param send sends the write with what is asked of it
   * @throws whatever the client throws once its retries are over, or when `signal` aborts
   */
  write(
    key: CounterKey,
    send: (
      asked: AskedOfWrite,
    ) => Promise<{ readonly $metadata: { readonly attempts?: number | undefined } }>,
    signal: AbortSignal,
  ): Promise<WriteResult<Held>>;
}

/** @param heldIn what an item of the table holds; undefined if nothing that a write could go by */
export function conditionalItems<Held>(
  calls: DynamoCalls,
  TableName: string,
  heldIn: (item: Record<string, AttributeValue>) => Held | undefined,
): ConditionalItems<Held> {
  const read = async (key: CounterKey, signal: AbortSignal): Promise<Held | undefined> => {
    const { Item } = await calls.get({ TableName, Key: keyAttributes(key), ConsistentRead: true }, signal);
    return Item && heldIn(Item);
  };
  return {
    read,
    write: async (key, send, signal) => {
      try {
        const { $metadata } = await send({ TableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
        return { written: true, retries: ($metadata.attempts ?? 1) - 1 };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // Emulators may not return the item with the refusal, and then it is read.
        const held = error.Item ? heldIn(error.Item) : await read(key, signal);
        const retries = (error.$metadata.attempts ?? 1) - 1;
        return { written: false, retries, ...(held ? { held } : {}) };
      }
    },
  };
}
