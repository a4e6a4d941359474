import { Agent as HttpsAgent } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { AwsAccess } from '../../cli/aws-access';
import { httpHandler } from '../../cli/http-handler';

const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 30_000;

/**
 * A Kinesis client for the producer.
 *
 * It makes one attempt: the producer repeats by itself, so that each repetition is counted, and each request without an
 * answer is known. What the SDK does with each request, and
 * need not, is left out: putting its steps together anew, and copying the records for a log that nobody keeps.
 */
export function createKinesisClient(access: AwsAccess): KinesisClient {
  const client = new KinesisClient({
    ...access,
    maxAttempts: 1,
    cacheMiddleware: true,
    requestHandler: httpHandler({
      httpsAgent: new HttpsAgent({ keepAlive: true }),
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  });
  client.middlewareStack.remove('loggerMiddleware');
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      // The answer may be read before Node has noted that the request was written, which frees the connection.
      await setImmediate();
      return result;
    },
    { step: 'initialize', name: 'freeConnection' },
  );
  return client;
}
