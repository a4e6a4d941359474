import { join } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import { ForwarderEnvironment } from '../lambda/forwarder/contract';
import { destinationAlarms } from './alarms/destination-alarms';
import type { ArchiveBucket } from './archive-bucket';
import { containAutoDelete } from './auto-delete';
import { BundledFunction, type EnvironmentOf } from './bundled-function';
import type { ClickStream } from './click-stream';
import { deliveryPlans } from './destinations/delivery-plans';
import { DestinationDelivery } from './destinations/destination-delivery';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';
import type { DestinationKind } from './settings';

export interface DestinationStackProps extends PipelineStackProps {
  readonly source: ClickStream;
  /** Keeps what could not be delivered. */
  readonly archive: ArchiveBucket;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
  readonly kind: Exclude<DestinationKind, 'off'>;
}

/** Events for somebody else's product: stream → Firehose, through the forwarder → destination. */
export class DestinationStack extends PipelineStack {
  constructor(app: App, { settings, source, archive, alarmTopic, kind }: DestinationStackProps) {
    super(app, settings, {
      application: 'destination',
      purpose: 'Clicks for a destination',
      data: kind === 'redshift' ? 'what is staged for Redshift' : 'no data',
    });
    const plan = deliveryPlans[kind];
    // Of its own, although it reads as the archive's transformer: either may fail, or be without concurrency, alone.
    const forwarder = new BundledFunction(this, 'Forwarder', {
      description: 'Gives the destination the events of the stream',
      entry: join(__dirname, '../lambda/forwarder/handler.ts'),
      memorySize: settings.transformerMemoryMiB,
      timeout: Duration.seconds(settings.transformerTimeoutSeconds),
      reservedConcurrency: 0,
      environment: { [ForwarderEnvironment.eventForm]: plan.eventForm } satisfies EnvironmentOf<
        typeof ForwarderEnvironment
      >,
      settings,
    });
    const delivery = new DestinationDelivery(this, 'Delivery', {
      ...{ settings, source, archive, plan },
      forwarder: forwarder.function,
    });
    const { deliveryStreamName } = delivery;
    const watched = { forwarder: forwarder.function, deliveryStreamName, metricName: plan.metricName };
    this.addAlarms(destinationAlarms(watched, settings), alarmTopic);
    // What is staged for Redshift lies in a bucket of this stack.
    containAutoDelete(this, settings);
    new LogQueries(this, 'Queries', { queries: destinationQueries(forwarder.logGroup, delivery.logGroup) });

    const outputs = ExtensionOutputs.destination;
    this.addOutputs({
      [outputs.deliveryStreamName]: deliveryStreamName,
      [outputs.forwarderName]: forwarder.function.functionName,
      [outputs.roleArn]: delivery.roleArn,
    } satisfies Record<ExtensionOutputName<'destination'>, string>);
  }
}

/** By the fields of the forwarder's log lines (docs/operations.md: Log lines), and of Firehose's. */
function destinationQueries(ofForwarder: ILogGroup, ofDelivery: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Destination: what is forwarded',
      logGroup: ofForwarder,
      filter: 'message = "batch forwarded"',
      stats:
        'count(*) as batches, sum(records) as allRecords, sum(forwarded) as events, ' +
        'sum(recordsWithSeveralEvents) as tooMany, sum(recordsWithoutRoom) as tooLarge by bin(5m)',
    },
    ...functionQueries('Forwarder', ofForwarder),
    {
      title: 'Destination: what it does not take',
      logGroup: ofDelivery,
      stats: 'count(*) as times, latest(message) as lastMessage by errorCode, bin(1h)',
    },
  ];
}
