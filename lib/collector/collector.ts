import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { FunctionUrlAuthType, type IFunction, type IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CollectorEnvironment, forgetSalts, none } from '../../lambda/collector/contract';
import { BundledFunction, type EnvironmentOf } from '../bundled-function';
import type { ClickStream } from '../click-stream';
import { invokeOnSchedule } from '../invoke-on-schedule';
import type { Settings } from '../settings';
import { clientBundles } from './client-bundles';
import type { OriginProof } from './origin-proof';
import type { SaltTable } from './salt-table';

export interface CollectorProps {
  readonly settings: Settings;
  readonly stream: ClickStream;
  readonly salts: SaltTable;
  /** By which it knows CloudFront; undefined where there is none. */
  readonly proof: OriginProof | undefined;
}

/** Takes events over HTTP, at an address that anybody may call, and puts them into the stream. */
export class Collector extends Construct {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  readonly url: IFunctionUrl;

  constructor(scope: Construct, id: string, { settings, stream, salts, proof }: CollectorProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Handler', {
      description: 'Takes events over HTTP and puts them into the stream',
      entry: join(__dirname, '../../lambda/collector/handler.ts'),
      browserFiles: clientBundles,
      memorySize: settings.collectorMemoryMiB,
      // Four seconds of puts, and what a salt may take before them.
      timeout: Duration.seconds(15),
      reservedConcurrency: settings.collectorReservedConcurrency,
      environment: {
        [CollectorEnvironment.streamName]: stream.exportedName,
        [CollectorEnvironment.saltTableName]: salts.tableName,
        [CollectorEnvironment.origins]: settings.collectorOrigins || none,
        [CollectorEnvironment.visitorIds]: settings.collectorVisitorIds,
        [CollectorEnvironment.privacyControl]: settings.collectorPrivacyControl,
        [CollectorEnvironment.eventsPerMinute]: String(settings.collectorEventsPerMinute),
        [CollectorEnvironment.cloudFront]: settings.collectorCloudFront,
        [CollectorEnvironment.cloudFrontProof]: proof?.value ?? none,
      } satisfies EnvironmentOf<typeof CollectorEnvironment>,
      settings,
    });
    stream.grantPut(bundled.role);
    salts.grantUse(bundled.role);
    invokeOnSchedule(this, bundled.function, {
      description: 'Removes the salts of days that are over',
      // One may fail, or a day of them: a salt is still gone 48 hours after its day began.
      interval: Duration.hours(1),
      input: forgetSalts,
    });
    this.function = bundled.function;
    this.logGroup = bundled.logGroup;
    // Without CORS of its own, which would answer in the function's place: the same code runs on the laptop. CDK adds
    // the two permissions that anybody needs to call it.
    this.url = bundled.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
}
