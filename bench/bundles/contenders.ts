import type { FirehoseTransformationResult } from 'aws-lambda';
import type { BuildOptions } from 'esbuild';
import type { CompactionAnswer } from '../../domain/counters/compaction-request';
import { clickSource, firehoseEventText, kinesisEventText } from '../cost/batches';
import { countersAlone, forCompactor } from '../function-environment';

/** A function's code, bundled in one way. */
export interface Contender {
  readonly name: string;
  readonly what: string;
  /** From the root of the repository; exports `handler`. */
  readonly entry: string;
  readonly bundling: BuildOptions;
  /** Beside what all of them get. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Event of its first call, as JSON. */
  readonly event: string;
  /** Whether that is what the first call has to answer. */
  readonly isRight: (answer: unknown) => boolean;
}

/** What CDK's `NodejsFunction` does by itself on a pinned runtime: the SDK is the runtime's. */
const cdkDefault: BuildOptions = {
  minify: false,
  sourcemap: false,
  mainFields: ['main', 'module'],
  external: ['@aws-sdk/*', '@smithy/*'],
};
const smallest: BuildOptions = { sourcemap: false };

const one = clickSource()(1);

const aggregator = {
  entry: 'lambda/aggregator/handler.ts',
  event: kinesisEventText(one),
  isRight: (answer: unknown) => JSON.stringify(answer) === '{"batchItemFailures":[]}',
};
const compactor = {
  entry: 'lambda/compactor/handler.ts',
  event: '{}',
  isRight: (answer: unknown) => (answer as CompactionAnswer).done,
};
const transformer = {
  entry: 'lambda/transformer/handler.ts',
  event: firehoseEventText(one),
  isRight: (answer: unknown) => (answer as FirehoseTransformationResult).records[0]?.result === 'Ok',
};

export const contenders: readonly Contender[] = [
  { ...aggregator, name: 'aggregator', what: 'aggregator', bundling: {} },
  {
    ...aggregator,
    name: 'aggregator-source-maps',
    what: 'aggregator with source maps switched on',
    bundling: {},
    environment: { NODE_OPTIONS: '--enable-source-maps' },
  },
  {
    ...aggregator,
    name: 'aggregator-default',
    what: 'aggregator, bundled by CDK’s default',
    bundling: cdkDefault,
  },
  {
    name: 'sdk-client',
    what: 'the SDK’s client alone, one update',
    entry: 'bench/bundles/contenders/sdk-client.ts',
    bundling: smallest,
    event: '{}',
    isRight: (answer) => answer === 200,
  },
  { ...compactor, name: 'compactor', what: 'compactor', bundling: {} },
  { ...transformer, name: 'transformer', what: 'transformer', bundling: {} },
  {
    ...transformer,
    name: 'transformer-default',
    what: 'transformer, bundled by CDK’s default',
    bundling: cdkDefault,
  },
  {
    name: 'nothing',
    what: 'a function that does nothing',
    entry: 'bench/bundles/contenders/nothing.ts',
    bundling: smallest,
    event: '{}',
    isRight: (answer) => answer === 'nothing',
  },
];

/** Whom a contender is compared with. */
export const defaultOf: Readonly<Record<string, string>> = {
  aggregator: 'aggregator-default',
  'aggregator-source-maps': 'aggregator-default',
  'aggregator-default': 'aggregator-default',
  'sdk-client': 'aggregator-default',
  compactor: 'aggregator-default',
  transformer: 'transformer-default',
  'transformer-default': 'transformer-default',
  nothing: 'transformer-default',
};

/** What the functions read of their environment, with a table that is at `endpoint`. */
export function environmentOf(endpoint: string): Readonly<Record<string, string>> {
  return {
    ...countersAlone,
    ...forCompactor,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
