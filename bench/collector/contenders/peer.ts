import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** What a collector of a peer's design does: parses, checks nothing, and puts each event by itself. */
const kinesis = new KinesisClient(process.env.KEPT ? { requestHandler: new NodeHttpHandler() } : {});

interface PageEvent {
  readonly sessionId?: string;
}

export async function handler({ body = '', requestContext }: LambdaFunctionURLEvent) {
  const { events } = JSON.parse(body) as { events: readonly PageEvent[] };
  const { sourceIp, userAgent } = requestContext.http;
  await Promise.all(
    events.map((event) =>
      kinesis.send(
        new PutRecordCommand({
          StreamName: process.env.STREAM_NAME,
          Data: Buffer.from(JSON.stringify({ ...event, userAgent, visitorId: event.sessionId })),
          PartitionKey: event.sessionId ?? sourceIp,
        }),
      ),
    ),
  );
  return { statusCode: 204 };
}
