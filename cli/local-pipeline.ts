import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AggregationSettings } from '../contract/aggregation-settings';
import { isObject } from '../domain/json/json-object';
import { wrongAggregationSetting } from './aggregation-settings';
import { SetupError } from './setup-error';

/** Where the pipeline on this machine has everything: its `endpoints.json`. */
export interface LocalPipeline {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoints: {
    readonly kinesis: string;
    readonly dynamodb: string;
    readonly s3: string;
    readonly firehose: string;
    readonly dashboard: string;
    /** Where events are sent to over HTTP, if anywhere. */
    readonly collector?: string;
    /** Where `PutEvents` is called, if an event bus has a rule. */
    readonly eventBridge?: string;
  };
  readonly stream: string;
  /** Of log lines, if there is one. */
  readonly logStream?: string;
  readonly table: string;
  readonly buckets: { readonly archive: string; readonly onFailure?: string; readonly parquet?: string };
  readonly deliveryStream: string;
  /** What the aggregator runs with. */
  readonly aggregation: AggregationSettings;
}

export const endpointsFileName = 'endpoints.json';

/** Reads the file in a data directory. Throws a `SetupError` that says how to get one. */
export async function readLocalPipeline(directory: string): Promise<LocalPipeline> {
  const path = join(directory, endpointsFileName);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new SetupError(
      `${path} is not there: no pipeline was started in this directory. Start one with: npm start`,
    );
  });
  const broken = (what: string) =>
    new SetupError(`${path}: ${what}. Start the local pipeline again with: npm start`);
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw broken('it is not JSON');
  }
  for (const names of required) {
    const value = names.reduce((from: unknown, name) => (isObject(from) ? from[name] : undefined), file);
    if (typeof value !== 'string' || value === '') throw broken(`${names.join('.')} is missing`);
  }
  const { aggregation } = file as Partial<LocalPipeline>;
  const wrong = wrongAggregationSetting(aggregation);
  if (wrong !== undefined) throw broken(`aggregation.${wrong} is missing`);
  return file as LocalPipeline;
}

const required = [
  ['region'],
  ['credentials', 'accessKeyId'],
  ['credentials', 'secretAccessKey'],
  ['endpoints', 'kinesis'],
  ['endpoints', 'dynamodb'],
  ['endpoints', 's3'],
  ['stream'],
  ['table'],
  ['buckets', 'archive'],
] as const;
