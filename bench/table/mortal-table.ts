import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoCalls } from '../../lambda/aggregator/dynamo-calls';

/** Thrown to whoever would send a request after the end. */
class Killed extends Error {
  override readonly name = 'Killed';
}

export type TableCalls = Pick<DynamoCalls, 'update' | 'get' | 'put'>;

/** A table's requests, counted; and cut off after some of them, as when a function is killed. */
export interface MortalTable {
  readonly calls: TableCalls;
  readonly requests: () => number;
  /** Resolves once the requests under way are done. */
  settled(): Promise<void>;
}

/** @param most requests that are sent before the end */
export function mortalTable(client: DynamoDBClient, most = Number.POSITIVE_INFINITY): MortalTable {
  let requests = 0;
  const underWay = new Set<Promise<unknown>>();
  const sent = async <Output>(send: () => Promise<Output>): Promise<Output> => {
    if (requests >= most) throw new Killed(`killed after ${most} requests`);
    requests++;
    const answer = send();
    underWay.add(answer);
    try {
      return await answer;
    } finally {
      underWay.delete(answer);
    }
  };
  return {
    calls: {
      update: (input, abortSignal) => sent(() => client.send(new UpdateItemCommand(input), { abortSignal })),
      get: (input, abortSignal) => sent(() => client.send(new GetItemCommand(input), { abortSignal })),
      put: (input, abortSignal) => sent(() => client.send(new PutItemCommand(input), { abortSignal })),
    },
    requests: () => requests,
    settled: async () => {
      await Promise.allSettled(underWay);
    },
  };
}
