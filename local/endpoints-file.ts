import { parseAggregationSettings } from '../cli/aggregation-settings';
import type { LocalPipeline } from '../cli/local-pipeline';
import type { AggregationSettings } from '../contract/aggregation-settings';
import { ExtensionOutputs, StackOutputs } from '../contract/stack-outputs';
import { accessKey } from '../emulators/clients';
import { type DataDir, writeWhole } from '../emulators/data-dir';
import type { Deployment } from './deployment';

export function describeEndpoints(
  deployment: Deployment,
  endpoints: LocalPipeline['endpoints'],
): LocalPipeline {
  const { archive } = deployment;
  const { onFailureBucket: onFailure } = deployment.aggregatorMapping;
  const copy = deployment.deliveryStreams.find(({ parquet }) => parquet !== undefined);
  return {
    region: deployment.region,
    credentials: { accessKeyId: accessKey, secretAccessKey: accessKey },
    endpoints,
    stream: deployment.stream.name,
    ...logStreamOf(deployment),
    table: deployment.table.name,
    buckets: {
      archive: archive.bucket,
      ...(onFailure === undefined ? {} : { onFailure }),
      ...(copy && { parquet: copy.bucket }),
    },
    deliveryStream: archive.name,
    aggregation: aggregationSettings(deployment),
  };
}

function logStreamOf(deployment: Deployment): Pick<LocalPipeline, 'logStream'> {
  const logStream = outputOf(deployment, ExtensionOutputs.sources.logStreamName);
  return logStream === undefined ? {} : { logStream };
}

/** Of whichever stack has it. */
function outputOf({ outputs }: Deployment, name: string): string | undefined {
  return Object.values(outputs)
    .map((stack) => stack[name])
    .find((value) => value !== undefined);
}

/** From the output of whichever stack has the aggregator. */
export function aggregationSettings(deployment: Deployment): AggregationSettings {
  const name = StackOutputs.aggregation.settings;
  const text = outputOf(deployment, name);
  if (text === undefined) throw new Error(`the templates hold no output ${name}`);
  return parseAggregationSettings(text, `output ${name}`);
}

/** Writes the file, and the same for a shell: `source .local/aws-env.sh`, then use the AWS CLI as ever. */
export async function writeEndpoints(file: LocalPipeline, dir: DataDir): Promise<void> {
  const { credentials, endpoints, region } = file;
  const variables = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_FIREHOSE: endpoints.firehose,
    ...(endpoints.eventBridge === undefined ? {} : { AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventBridge }),
    // The local S3 does not take the checksums that newer SDKs add to streamed bodies.
    AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
    STREAM: file.stream,
    ...(file.logStream === undefined ? {} : { LOG_STREAM: file.logStream }),
    TABLE: file.table,
    ARCHIVE_BUCKET: file.buckets.archive,
    ...(file.buckets.onFailure === undefined ? {} : { ON_FAILURE_BUCKET: file.buckets.onFailure }),
  };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeWhole(dir.environmentFile, `unset AWS_PROFILE AWS_SESSION_TOKEN\n${exports.join('')}`);
  await writeWhole(dir.endpointsFile, `${JSON.stringify(file, undefined, 2)}\n`);
}
