import { Agent } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The services that the laptop has emulators of. */
export const services = ['kinesis', 'dynamodb', 's3'] as const;
export type Service = (typeof services)[number];

/** Where they listen. */
export type Endpoints = Readonly<Record<Service, string>>;

export interface Clients {
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** Closes the connections. */
  destroy(): void;
}

/** The only access key, and the secret to it, that the laptop's S3 takes; the others take any. */
export const accessKey = 'S3RVER';

/** SDK clients for the laptop's services, with keys that say nothing: they never reach for the developer's own. */
export function createClients(endpoints: Endpoints, region: string): Clients {
  const shared = () => ({
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey: accessKey },
    // The Kinesis client's own handler opens an HTTP/2 session for each request and cannot speak to http://
    // (aws-sdk-js-v3 issue 8279).
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }) }),
  });
  const kinesis = new KinesisClient({ ...shared(), endpoint: endpoints.kinesis });
  const dynamodb = new DynamoDBClient({ ...shared(), endpoint: endpoints.dynamodb });
  const s3 = new S3Client({
    ...shared(),
    endpoint: endpoints.s3,
    forcePathStyle: true,
    // s3rver refuses the trailing checksums that the SDK adds to a streamed body by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return {
    kinesis,
    dynamodb,
    s3,
    destroy: () => {
      for (const client of [kinesis, dynamodb, s3]) client.destroy();
    },
  };
}
