import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The client of a function: it repeats what fails, and waits for no answer longer than an invocation can. */
export function functionClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 6,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      // Without it the handler only warns.
      throwOnRequestTimeout: true,
    }),
  });
}
