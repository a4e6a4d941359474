import {
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

/** The calls on the table that the aggregator makes, each of them ended by its signal. */
export interface DynamoCalls {
  update(input: UpdateItemCommandInput, signal: AbortSignal): Promise<UpdateItemCommandOutput>;
  get(input: GetItemCommandInput, signal: AbortSignal): Promise<GetItemCommandOutput>;
  put(input: PutItemCommandInput, signal: AbortSignal): Promise<PutItemCommandOutput>;
  query(input: QueryCommandInput, signal: AbortSignal): Promise<QueryCommandOutput>;
}

export function dynamoCalls(client: DynamoDBClient): DynamoCalls {
  return {
    update: (input, abortSignal) => client.send(new UpdateItemCommand(input), { abortSignal }),
    get: (input, abortSignal) => client.send(new GetItemCommand(input), { abortSignal }),
    put: (input, abortSignal) => client.send(new PutItemCommand(input), { abortSignal }),
    query: (input, abortSignal) => client.send(new QueryCommand(input), { abortSignal }),
  };
}
