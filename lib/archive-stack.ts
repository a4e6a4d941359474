import { join } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type OutputName, StackOutputs } from '../contract/stack-outputs';
import { archiveAlarms } from './alarms/archive-alarms';
import { ArchiveBucket } from './archive-bucket';
import { containAutoDelete } from './auto-delete';
import { BundledFunction } from './bundled-function';
import type { ClickStream } from './click-stream';
import { DeliveryStream } from './delivery-stream';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
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
    const { deliveryStreamName } = delivery;
    const watched = { transformer: transformer.function, deliveryStreamName };
    this.addAlarms(archiveAlarms(watched, settings), alarmTopic);
    new LogQueries(this, 'Queries', { queries: archiveQueries(transformer.logGroup, delivery.logGroup) });
    containAutoDelete(this, settings);
    this.bucket = bucket;

    const outputs = StackOutputs.archive;
    this.addOutputs({
      [outputs.bucketName]: bucket.bucketName,
      [outputs.transformerName]: transformer.function.functionName,
      [outputs.deliveryStreamName]: deliveryStreamName,
    } satisfies Record<OutputName<'archive'>, string>);

    // Exported whoever reads them, so that adding or removing the stack of analytics leaves this one as it is.
    this.exportValue(bucket.bucketName);
    this.exportValue(bucket.bucketArn);
  }
}

/** By the fields of the transformer's log lines (docs/operations.md: Log lines), and of Firehose's. */
function archiveQueries(ofTransformer: ILogGroup, ofDelivery: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Transformer: what is archived',
      logGroup: ofTransformer,
      filter: 'message = "batch transformed"',
      stats:
        'count(*) as batches, sum(records) as allRecords, sum(valid) as events, sum(recordsWithoutRoom) as failed ' +
        'by bin(5m)',
    },
    ...functionQueries('Transformer', ofTransformer),
    {
      title: 'Firehose: what it fails at',
      logGroup: ofDelivery,
      stats: 'count(*) as times, latest(message) as lastMessage by errorCode, bin(1h)',
    },
  ];
}
