import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** The least that a collector can do: the body becomes a record as it is. */
const kinesis = new KinesisClient({ requestHandler: new NodeHttpHandler() });

export async function handler({ body = '', requestContext }: LambdaFunctionURLEvent) {
  const { sourceIp } = requestContext.http;
  await kinesis.send(
    new PutRecordsCommand({
      StreamName: process.env.STREAM_NAME,
      Records: [{ Data: Buffer.from(body), PartitionKey: sourceIp }],
    }),
  );
  return { statusCode: 204 };
}
