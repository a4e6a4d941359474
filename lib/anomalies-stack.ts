import type { App } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import type { AggregatesTable } from './aggregates-table';
import { anomaliesAlarms } from './alarms/anomalies-alarms';
import { AnomalyDetector } from './anomalies/anomaly-detector';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface AnomaliesStackProps extends PipelineStackProps {
  readonly table: AggregatesTable;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

/** Notices what is unusual: counters → detector → alarms. */
export class AnomaliesStack extends PipelineStack {
  constructor(app: App, { settings, table, alarmTopic }: AnomaliesStackProps) {
    super(app, settings, { application: 'anomalies', purpose: 'Anomalies of clicks', data: 'no data' });
    const detector = new AnomalyDetector(this, 'Detector', { settings, table });
    this.addAlarms(anomaliesAlarms(detector.function, settings), alarmTopic);
    new LogQueries(this, 'Queries', { queries: anomaliesQueries(detector.logGroup) });
    this.addOutputs({
      [ExtensionOutputs.anomalies.functionName]: detector.function.functionName,
    } satisfies Record<ExtensionOutputName<'anomalies'>, string>);
  }
}

/** By the fields of its log lines (docs/operations.md: Log lines). */
function anomaliesQueries(logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Anomalies: unusual hours, and of what',
      logGroup,
      filter: 'message = "hour is unusual"',
      stats:
        'max(TotalAnomalies) as total, max(TypeAnomalies) as types, max(PageAnomalies) as pages, ' +
        'max(VisitorAnomalies) as visitors by hour',
    },
    ...functionQueries('Anomalies', logGroup),
  ];
}
