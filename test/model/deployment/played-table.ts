import type { AttributeValue, PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Random } from '../../../domain/numbers/random';
import type { DynamoCalls } from '../../../table/dynamo-calls';
import { type LogTable, logTable } from '../../../table/log-table';
import { createMemoryDynamo, type MemoryDynamo } from '../../support/memory-dynamo';
import { type LogTruth, Violation } from '../truth/log-truth';
import type { Journal } from './journal';
import { type Caller, callsOf } from './process';

type Item = Record<string, AttributeValue>;

const TableName = 'aggregates';

/** The table in memory. The model's account of the logs sees each write that it takes. */
export class PlayedTable {
  private readonly memory: MemoryDynamo;
  /** What has reached the replicas. */
  private replicated: readonly Item[] = [];

  constructor(
    private readonly itemsPerPage: number,
    private readonly truth: LogTruth,
    private readonly journal: Journal,
    private readonly now: () => number,
  ) {
    this.memory = createMemoryDynamo({ itemsPerPage });
  }

  /** The product's table, each call of which is a step of whoever makes it. */
  of(caller: Caller): LogTable {
    return logTable(callsOf(caller, this.act), TableName);
  }

  items(): readonly Item[] {
    return this.memory.items();
  }

  restore(items: readonly Item[]): void {
    this.memory.restore(items);
  }

  /** From now on a read that asks for no consistency sees the table as it is now. */
  replicate(): void {
    this.replicated = this.memory.items();
  }

  /** Time to live deletes what has expired, in any order, sooner or later. */
  async expire(random: Random): Promise<void> {
    for (const item of this.memory.items()) {
      const expiresAt = Number(item.expiresAt?.N ?? Infinity) * 1000;
      if (expiresAt >= this.now() || random.chance(0.5)) continue;
      const [pk, sk] = [item.pk!.S!, item.sk!.S!];
      if (pk.startsWith('log#')) await this.expectCompacted(pk.slice('log#'.length), item.last!.S!);
      this.journal.occurred.expired++;
      this.journal.note(() => `  expired ${pk} ${sk}`);
      await this.memory.delete({ TableName, Key: { pk: item.pk!, sk: item.sk! } });
    }
  }

  private async expectCompacted(shard: string, last: string): Promise<void> {
    const { Item } = await this.memory.get({ TableName, Key: { pk: { S: 'shards' }, sk: { S: shard } } });
    if (last > (Item?.compactedTo?.S ?? '0')) {
      throw new Violation(`${shard}: delta ${last} expired before it was compacted`);
    }
  }

  private readonly act = async (kind: keyof DynamoCalls, input: unknown): Promise<unknown> => {
    const table = isEventuallyConsistent(kind, input) ? this.replica() : this.memory;
    const answer = await (table[kind] as (input: unknown) => Promise<unknown>)(input);
    try {
      if (kind === 'put') this.sawPut((input as PutItemCommandInput).Item!);
      if (kind === 'update') await this.sawUpdate(input as UpdateItemCommandInput);
    } catch (error) {
      this.journal.report(error);
    }
    return answer;
  };

  /** The table as a read sees it that does not ask for the newest: as it was some time ago. */
  private replica(): MemoryDynamo {
    const replica = createMemoryDynamo({ itemsPerPage: this.itemsPerPage });
    replica.restore(this.replicated);
    return replica;
  }

  private sawPut(item: Item): void {
    const { truth, journal } = this;
    const [pk, sk] = [item.pk!.S!, item.sk!.S!];
    if (pk === 'shards' || pk.startsWith('ids#')) return;
    if (pk.startsWith('log#')) {
      truth.sawDelta(item, this.now());
      journal.occurred.appended++;
      // It stands, whether or not its command lives to say so.
      if (item.kind!.S === 'rebuild') journal.occurred.corrected++;
      journal.note(() => `  delta ${pk} ${sk} -> ${item.last!.S} ${item.kind!.S}`);
    } else {
      truth.sawItem(item, this.now());
      journal.note(() => `  item ${pk} ${sk} at ${item.seq!.S}`);
    }
  }

  private async sawUpdate({ Key, UpdateExpression, ExpressionAttributeValues }: UpdateItemCommandInput) {
    const shard = Key!.sk!.S!;
    const to = ExpressionAttributeValues?.[':to']?.S;
    if (UpdateExpression?.includes('#settled = ')) this.journal.occurred.settled++;
    this.journal.note(
      () => `  entry ${shard} ${UpdateExpression} ${JSON.stringify(ExpressionAttributeValues)}`,
    );
    if (to !== undefined) await this.truth.sawCompacted(shard, to, this.memory, this.now());
  }
}

/** Of several keys, each table says it by itself. */
function isEventuallyConsistent(kind: keyof DynamoCalls, input: unknown): boolean {
  const { ConsistentRead, RequestItems } = input as { ConsistentRead?: boolean; RequestItems?: typeof input };
  if (kind === 'get' || kind === 'query') return ConsistentRead !== true;
  return (
    kind === 'batchGet' && Object.values(RequestItems as object).some((keys) => keys.ConsistentRead !== true)
  );
}
