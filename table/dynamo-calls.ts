import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandInput,
  type PutItemCommandOutput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';

/** The calls that the aggregates table gets, each of them ended by its signal. */
export interface DynamoCalls {
  get(input: GetItemCommandInput, signal?: AbortSignal): Promise<GetItemCommandOutput>;
  batchGet(input: BatchGetItemCommandInput, signal?: AbortSignal): Promise<BatchGetItemCommandOutput>;
  query(input: QueryCommandInput, signal?: AbortSignal): Promise<QueryCommandOutput>;
  put(input: PutItemCommandInput, signal?: AbortSignal): Promise<PutItemCommandOutput>;
  update(input: UpdateItemCommandInput, signal?: AbortSignal): Promise<UpdateItemCommandOutput>;
}

export function dynamoCalls(client: DynamoDBClient): DynamoCalls {
  const options = (abortSignal: AbortSignal | undefined) => (abortSignal ? { abortSignal } : {});
  return {
    get: (input, signal) => client.send(new GetItemCommand(input), options(signal)),
    batchGet: (input, signal) => client.send(new BatchGetItemCommand(input), options(signal)),
    query: (input, signal) => client.send(new QueryCommand(input), options(signal)),
    put: (input, signal) => client.send(new PutItemCommand(input), options(signal)),
    update: (input, signal) => client.send(new UpdateItemCommand(input), options(signal)),
  };
}
