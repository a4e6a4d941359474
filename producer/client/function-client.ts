import { Agent } from 'node:https';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { httpHandler } from '../../cli/http-handler';

/** A client for a function that repeats by itself what failed, and no more: it makes one attempt. */
export function functionKinesisClient(requestTimeoutMs: number): KinesisClient {
  return new KinesisClient({
    maxAttempts: 1,
    requestHandler: httpHandler({
      httpsAgent: new Agent({ keepAlive: true }),
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  });
}
