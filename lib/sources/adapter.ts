import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AdapterEnvironment } from '../../lambda/adapter/contract';
import { BundledFunction, type EnvironmentOf } from '../bundled-function';
import type { ClickStream } from '../click-stream';
import type { OnFailureBucket } from '../on-failure-bucket';
import { orderedMapping } from '../ordered-mapping';
import type { Settings } from '../settings';

export interface AdapterProps {
  readonly settings: Settings;
  /** Of log lines. */
  readonly source: ClickStream;
  /** Of clicks. */
  readonly target: ClickStream;
  readonly onFailure: OnFailureBucket;
}

/** Reads log lines in order, and puts what they become into the stream of clicks. */
export class Adapter extends Construct {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  readonly mapping: IEventSourceMapping;

  constructor(scope: Construct, id: string, { settings, source, target, onFailure }: AdapterProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Handler', {
      description: 'Turns log lines into clicks and puts them into the stream',
      entry: join(__dirname, '../../lambda/adapter/handler.ts'),
      // A record may unpack to 32 MiB, which are held several times over.
      memorySize: 512,
      // `leastDeduplicationSecondsWithSources` is made for it.
      timeout: Duration.seconds(60),
      reservedConcurrency: 0,
      environment: {
        [AdapterEnvironment.streamName]: target.exportedName,
        [AdapterEnvironment.logFormat]: settings.logFormat,
      } satisfies EnvironmentOf<typeof AdapterEnvironment>,
      settings,
    });
    target.grantPut(bundled.role);
    this.function = bundled.function;
    this.logGroup = bundled.logGroup;
    this.mapping = orderedMapping(this, 'Mapping', { settings, source, target: bundled, onFailure });
  }
}
