import { Aws } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  AlarmWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  type Metric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Application, pipelineName, stackName } from '../../contract/stack-outputs';
import { AggregatorMetric, aggregatorService } from '../../lambda/aggregator/contract';
import { TransformerMetric, transformerService } from '../../lambda/transformer/contract';
import type { Settings } from '../settings';
import { alarmArn, alarmName } from './alarms';
import { type MetricRequest, metric, ownMetric } from './metrics';

export interface PipelineDashboardProps {
  readonly settings: Settings;
  readonly streamName: string;
  /** Names of the alarms of every stack. */
  readonly alarmNames: readonly string[];
}

/** Columns that every dashboard has (CloudWatch docs: Dashboard body structure and syntax). */
const columns = 24;

/**
 * One screen: what is wrong, do clicks come in, are they counted, are they archived, and how late is each. It stands in
 * the stream's stack and imports nothing of the others: their alarms are found by name, and what their functions count by
 * the deployment. Where a stack is not deployed, its places stay empty.
 */
export class PipelineDashboard extends Construct {
  constructor(scope: Construct, id: string, { settings, streamName, alarmNames }: PipelineDashboardProps) {
    super(scope, id);
    const pipeline = pipelineName(settings);
    const alarms = new Map(
      alarmNames.map((name) => [name, Alarm.fromAlarmArn(this, name, alarmArn(this, name))]),
    );
    const behind = (title: string, application: Application, alarmId: string): IWidget => {
      const name = alarmName(stackName(pipeline, application), alarmId);
      const alarm = alarms.get(name);
      if (!alarm) throw new Error(`dashboard: there is no alarm ${name}`);
      return new AlarmWidget({ title, alarm, width: columns / 4 });
    };
    new Dashboard(this, 'Dashboard', {
      // Dashboards of all regions are in one list.
      dashboardName: `${pipeline}-${Aws.REGION}`,
      start: '-PT3H',
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'What is wrong',
            alarms: [...alarms.values()],
            sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
            width: columns,
            height: 5,
          }),
        ],
        this.counts(settings, streamName),
        [
          behind('How late: the slowest reader', 'stream', 'StreamBehind'),
          behind('How late: counted', 'aggregation', 'AggregatorBehind'),
          behind('How late: in the items', 'aggregation', 'CompactionBehind'),
          behind('How late: archived', 'archive', 'ArchiveStale'),
        ],
      ],
    });
  }

  private counts(settings: Settings, streamName: string): IWidget[] {
    const perMinute = (name: string): MetricRequest => ({ name, statistic: 'Sum', periodSeconds: 60 });
    const ofStream = (name: string) => metric('AWS/Kinesis', { StreamName: streamName }, perMinute(name));
    const counted = (name: string) => ownMetric(settings, aggregatorService, perMinute(name));
    const transformed = (name: string) => ownMetric(settings, transformerService, perMinute(name));
    const graph = (title: string, left: readonly Metric[]): IWidget =>
      new GraphWidget({
        title,
        left: [...left],
        leftYAxis: { min: 0, showUnits: false },
        width: columns / 3,
      });
    return [
      graph('Do clicks come in (records a minute)', [ofStream('IncomingRecords')]),
      graph('Are they counted (events a minute)', Object.values(AggregatorMetric).map(counted)),
      graph('Are they archived (events a minute)', Object.values(TransformerMetric).map(transformed)),
    ];
  }
}
