import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { AlarmStatus } from '../alarms/alarm-status';
import { readDeployedAlarms } from '../alarms/deployed-alarms';
import type { AwsAccess } from '../cli/aws-access';
import { httpHandler } from '../cli/http-handler';
import { readStackOutput } from '../cli/stack-output';
import { onFailurePrefix } from '../contract/bucket-prefixes';
import { StackOutputs, stackName } from '../contract/stack-outputs';
import type { HealthSource } from '../query/ports';

/** Each throws where the caller may not ask, or there is nothing to ask. */
export interface HealthReaders {
  alarms(): Promise<readonly AlarmStatus[]>;
  givenUpBatches(): Promise<number>;
}

/** They change seldom, and CloudWatch charges for being asked often. */
const askAgainMs = 60_000;

/** What the readers know, asked once a minute at the most; what one of them cannot tell is left out. */
export function healthOf({ alarms, givenUpBatches }: HealthReaders, now: () => number): HealthSource {
  const [latestAlarms, latestBatches] = [remembered(alarms, now), remembered(givenUpBatches, now)];
  return async () => {
    const [known, batches] = await Promise.all([latestAlarms(), latestBatches()]);
    return { ...(known && { alarms: known }), ...(batches !== undefined && { givenUpBatches: batches }) };
  };
}

function remembered<Value>(read: () => Promise<Value>, now: () => number): () => Promise<Value | undefined> {
  let asked: { readonly at: number; readonly value: Promise<Value | undefined> } | undefined;
  return () => {
    if (!asked || now() - asked.at >= askAgainMs) asked = { at: now(), value: read().catch(() => undefined) };
    return asked.value;
  };
}

/** Asks CloudWatch and S3 with the caller's credentials. */
export function deployedReaders(pipeline: string, access: AwsAccess): HealthReaders {
  return {
    alarms: () => readDeployedAlarms(pipeline, access),
    async givenUpBatches() {
      const stack = stackName(pipeline, 'aggregation');
      const Bucket = await readStackOutput(stack, StackOutputs.aggregation.onFailureBucketName, access);
      const client = new S3Client({ ...access, requestHandler: httpHandler() });
      try {
        let batches = 0;
        const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: onFailurePrefix });
        for await (const { KeyCount = 0 } of pages) batches += KeyCount;
        return batches;
      } finally {
        client.destroy();
      }
    },
  };
}
