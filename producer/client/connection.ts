import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { AwsAccess } from '../../cli/aws-access';
import { type ErrorContext, explained } from '../../cli/explain-aws-error';
import { readLocalPipeline } from '../../cli/local-pipeline';
import type { Place } from '../../cli/place';
import { readStackOutput } from '../../cli/stack-output';
import { StackOutputs } from '../../contract/stack-outputs';
import { createKinesisClient } from './kinesis-client';

/** Where the events go. */
export type Target = Place | { readonly kind: 'stream'; readonly name: string; readonly access: AwsAccess };

export interface Connection {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** For `explainAwsError`. */
  readonly context: ErrorContext;
}

const permissions =
  'kinesis:PutRecords on the stream, and for packing and good advice kinesis:ListShards and kinesis:DescribeStreamSummary';

/** Finds the stream and makes a client for it. Throws a `SetupError` that says what to do. The caller closes the client. */
export async function connect(target: Target): Promise<Connection> {
  if (target.kind === 'local') return connectLocal(target.directory);
  const { kind, name, access } = target;
  const output = StackOutputs.stream.streamName;
  const streamName = kind === 'stack' ? await readStackOutput(name, output, access) : name;
  const client = createKinesisClient(access);
  const { profile, endpoint } = access;
  const context = { target: `stream ${streamName}`, profile, endpoint, permissions };
  try {
    const region = await client.config.region();
    await client.config.credentials();
    return { client, streamName, context: { ...context, region } };
  } catch (error) {
    client.destroy();
    throw explained(error, context);
  }
}

async function connectLocal(directory: string): Promise<Connection> {
  const { region, credentials, endpoints, stream } = await readLocalPipeline(directory);
  const endpoint = endpoints.kinesis;
  const client = createKinesisClient({ region, credentials, endpoint });
  return {
    client,
    streamName: stream,
    context: { target: `stream ${stream}`, region, endpoint, permissions },
  };
}
