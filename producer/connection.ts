import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { type ErrorContext, explainAwsError } from './aws-errors';
import { type AwsAccess, createKinesisClient } from './kinesis-client';
import { SetupError } from './setup-error';

/** Where the events go. */
export type Target =
  | { readonly kind: 'stream'; readonly name: string; readonly access: AwsAccess }
  | { readonly kind: 'stack'; readonly name: string; readonly access: AwsAccess }
  /** The pipeline on this machine, which wrote its addresses into this directory. */
  | { readonly kind: 'local'; readonly directory: string };

export interface Connection {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** For `explainAwsError`. */
  readonly context: ErrorContext;
}

/** The stack output that names the stream. */
const streamOutput = 'StreamName';

/** Finds the stream and makes a client for it. Throws a `SetupError` that says what to do. The caller closes the client. */
export async function connect(target: Target): Promise<Connection> {
  if (target.kind === 'local') return connectLocal(target.directory);
  const { kind, name, access } = target;
  const streamName = kind === 'stack' ? await streamOfStack(name, access) : name;
  const client = createKinesisClient(access);
  const { profile, endpoint } = access;
  const context = { target: `stream ${streamName}`, profile, endpoint };
  try {
    const region = await client.config.region();
    await client.config.credentials();
    return { client, streamName, context: { ...context, region } };
  } catch (error) {
    client.destroy();
    throw explained(error, context);
  }
}

async function streamOfStack(stack: string, access: AwsAccess): Promise<string> {
  const client = new CloudFormationClient(access);
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    const found = outputs.find(({ OutputKey }) => OutputKey === streamOutput)?.OutputValue;
    if (found) return found;
    const keys = outputs.map(({ OutputKey }) => OutputKey).join(', ') || 'none';
    throw new SetupError(
      `stack ${stack} has no output ${streamOutput} (its outputs: ${keys}); name the stack with the stream`,
    );
  } catch (error) {
    const { profile, endpoint, region } = access;
    throw explained(error, { target: `stack ${stack}`, profile, endpoint, region });
  } finally {
    client.destroy();
  }
}

async function connectLocal(directory: string): Promise<Connection> {
  const { region, credentials, endpoint, streamName } = await readEndpoints(directory);
  const client = createKinesisClient({ region, credentials, endpoint });
  return { client, streamName, context: { target: `stream ${streamName}`, region, endpoint } };
}

/** The part of the laptop's `endpoints.json` that the producer needs. */
async function readEndpoints(directory: string) {
  const path = join(directory, 'endpoints.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new SetupError(`${path} is not there: the local pipeline is not running. Start it with: npm start`);
  });
  const broken = (what: string) =>
    new SetupError(`${path}: ${what}. Start the local pipeline again with: npm start`);
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw broken('it is not JSON');
  }
  const at = (...names: readonly string[]): string => {
    const value = names.reduce((from: unknown, name) => (isObject(from) ? from[name] : undefined), file);
    if (typeof value !== 'string' || value === '') throw broken(`${names.join('.')} is missing`);
    return value;
  };
  return {
    region: at('region'),
    credentials: {
      accessKeyId: at('credentials', 'accessKeyId'),
      secretAccessKey: at('credentials', 'secretAccessKey'),
    },
    endpoint: at('endpoints', 'kinesis'),
    streamName: at('stream'),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function explained(error: unknown, context: ErrorContext): unknown {
  if (!(error instanceof Error) || error instanceof SetupError) return error;
  return new SetupError(explainAwsError(error, context), { cause: error });
}
