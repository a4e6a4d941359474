import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A function's client: it retries, with time limits that fit into an invocation. */
export function functionClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 6,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      // Without it, the handler only warns about a slow request.
      throwOnRequestTimeout: true,
    }),
  });
}
