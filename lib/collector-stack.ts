import { type App, Fn } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CloudFrontOutputs, type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import { collectorAlarms } from './alarms/collector-alarms';
import type { ClickStream } from './click-stream';
import { Collector } from './collector/collector';
import { Front } from './collector/front';
import { OriginProof } from './collector/origin-proof';
import { SaltTable } from './collector/salt-table';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface CollectorStackProps extends PipelineStackProps {
  readonly source: ClickStream;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

/** The way in for browsers and for any language: an address → the stream. */
export class CollectorStack extends PipelineStack {
  constructor(app: App, { settings, source, alarmTopic }: CollectorStackProps) {
    super(app, settings, {
      application: 'collector',
      purpose: 'Click collector',
      data: 'no data',
    });
    const salts = new SaltTable(this, 'Salts');
    const proof = settings.collectorCloudFront === 'off' ? undefined : new OriginProof(this, 'Proof');
    const collector = new Collector(this, 'Collector', { settings, stream: source, salts, proof });
    const { url } = collector;
    const front = proof && new Front(this, 'Front', { settings, url, proof });
    this.addAlarms(collectorAlarms(collector.function), alarmTopic);
    new LogQueries(this, 'Queries', { queries: collectorQueries(collector.logGroup) });

    const outputs = ExtensionOutputs.collector;
    this.addOutputs({
      [outputs.url]: front?.address ?? url.url,
      [outputs.functionName]: collector.function.functionName,
    } satisfies Record<ExtensionOutputName<'collector'>, string>);
    if (!front) return;
    this.addOutputs({
      [CloudFrontOutputs.originDomain]: Fn.select(2, Fn.split('/', url.url)),
      [CloudFrontOutputs.originRequestPolicyId]: front.originRequestPolicyId,
      [CloudFrontOutputs.proofSecretArn]: proof.secretArn,
    });
  }
}

/** By the fields of its log lines (docs/operations.md: Log lines). */
function collectorQueries(logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Collector: what is not taken, and why',
      logGroup,
      filter: 'message = "request not taken whole"',
      stats: 'count(*) as requests, sum(lost) as lostByClients by status, because, bin(5m)',
    },
    ...functionQueries('Collector', logGroup),
  ];
}
