import { join } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type OutputName, StackOutputs } from '../contract/stack-outputs';
import { Alarms } from './alarms/alarms';
import { archiveAlarms } from './alarms/archive-alarms';
import { ArchiveBucket } from './archive-bucket';
import { containAutoDelete } from './auto-delete';
import { BundledFunction } from './bundled-function';
import type { ClickStream } from './click-stream';
import { DeliveryStream } from './delivery-stream';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface ArchiveStackProps extends PipelineStackProps {
  readonly source: ClickStream;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

/** The archive: stream → Firehose, through the transformer → bucket. */
export class ArchiveStack extends PipelineStack {
  readonly bucket: ArchiveBucket;

  constructor(app: App, { settings, source, alarmTopic }: ArchiveStackProps) {
    super(app, settings, { application: 'archive', purpose: 'Click archive', data: 'the archive bucket' });

    const bucket = new ArchiveBucket(this, 'Archive', { settings, customerKey: source.customerKey });
    const transformer = new BundledFunction(this, 'Transformer', {
      description: 'Turns stream records into archive lines',
      entry: join(__dirname, '../lambda/transformer/handler.ts'),
      memorySize: settings.transformerMemoryMiB,
      timeout: Duration.seconds(settings.transformerTimeoutSeconds),
      reservedConcurrency: settings.transformerReservedConcurrency,
      settings,
    });
    const delivery = new DeliveryStream(this, 'Delivery', {
      settings,
      source,
      transformer: transformer.function,
      bucket,
    });
    if (settings.alarms) {
      const { deliveryStreamName } = delivery;
      const rules = archiveAlarms({ transformer: transformer.function, deliveryStreamName }, settings);
      new Alarms(this, 'Alarms', { rules, topic: alarmTopic });
    }
    containAutoDelete(this, settings);
    this.bucket = bucket;

    const outputs = StackOutputs.archive;
    this.addOutputs({
      [outputs.bucketName]: bucket.bucketName,
      [outputs.transformerName]: transformer.function.functionName,
      [outputs.deliveryStreamName]: delivery.deliveryStreamName,
    } satisfies Record<OutputName<'archive'>, string>);

    // Exported whoever reads them, so that adding or removing the stack of analytics leaves this one as it is.
    this.exportValue(bucket.bucketName);
    this.exportValue(bucket.bucketArn);
  }
}
