import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { countGivenUpBatches, healthOf, readWatchedHealth } from '../../alarms/deployed-health';
import { environmentReader } from '../../domain/function/function-environment';
import { HealthEnvironment as names } from './contract';
import { queryHandler } from './serve';

// What they do not say soon is left out of the answer.
const options = {
  maxAttempts: 2,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    throwOnRequestTimeout: true,
  }),
};
const [cloudWatch, s3] = [new CloudWatchClient(options), new S3Client(options)];
const { text } = environmentReader(process.env);
const [pipeline, bucket] = [text(names.pipeline), text(names.onFailureBucket)];

const health = healthOf(
  {
    watched: () => readWatchedHealth(cloudWatch, pipeline, Date.now()),
    givenUpBatches: () => countGivenUpBatches(s3, bucket),
  },
  Date.now,
);

/** `GET /api/health` with what CloudWatch and the on-failure bucket know, asked once a minute by each of its instances. */
export const handler = queryHandler(process.env, health);
