import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { countGivenUpBatches, type HealthReaders, readWatchedHealth } from '../alarms/deployed-health';
import type { AwsAccess } from '../cli/aws-access';
import { httpHandler } from '../cli/http-handler';
import { readStackOutput } from '../cli/stack-output';
import { StackOutputs, stackName } from '../contract/stack-outputs';

/** Asks CloudWatch and S3 with the caller's credentials. */
export function deployedReaders(pipeline: string, access: AwsAccess): HealthReaders {
  return {
    async watched() {
      const client = new CloudWatchClient({ ...access, requestHandler: httpHandler() });
      try {
        return await readWatchedHealth(client, pipeline, Date.now());
      } finally {
        client.destroy();
      }
    },
    async givenUpBatches() {
      const stack = stackName(pipeline, 'aggregation');
      const bucket = await readStackOutput(stack, StackOutputs.aggregation.onFailureBucketName, access);
      const client = new S3Client({ ...access, requestHandler: httpHandler() });
      try {
        return await countGivenUpBatches(client, bucket);
      } finally {
        client.destroy();
      }
    },
  };
}
