import { templatesOf } from '../deployment';
import { alarmsOf, type TemplateAlarm } from './template-alarms';

/** An alarm in a line: what of which resource, when it breaches, how often, and what no data counts as. */
function summary({ metrics, expression, properties }: TemplateAlarm): string {
  const { ComparisonOperator, Threshold, DatapointsToAlarm, EvaluationPeriods, TreatMissingData } =
    properties;
  const watched = metrics.map(({ name, statistic, dimensions }) => {
    const values = Object.entries(dimensions)
      .filter(([dimension]) => dimension !== 'project' && dimension !== 'stage')
      .map(([, value]) => (typeof value === 'string' ? value : (value as { Ref: string }).Ref.slice(0, -8)));
    return `${name} ${statistic} ${values.sort().join(' ')}`;
  });
  const operator = ComparisonOperator.replace(/Threshold$/, '');
  const often = `${DatapointsToAlarm}/${EvaluationPeriods} × ${metrics[0]!.periodSeconds} s`;
  return [...watched, expression, `${operator} ${Threshold}`, often, TreatMissingData]
    .filter(Boolean)
    .join(' · ');
}

const summaries = (context: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(alarmsOf(templatesOf(context)).map((alarm) => [alarm.id, summary(alarm)]));

const share = 'IF(all>0,100*part/all,0)';

describe('Thresholds follow from the settings', () => {
  const alarms = summaries({
    stage: 'prod',
    streamRetentionHours: 60,
    batchingWindowSeconds: 7,
    aggregatorTimeoutSeconds: 50,
    transformerTimeoutSeconds: 41,
    compactionSeconds: 130,
    transformerBufferSeconds: 110,
    archiveBufferSeconds: 490,
    invalidSharePercent: 3,
    lateSharePercent: 11,
    heartbeatMinutes: 19,
  });

  it('of the stream', () => {
    expect(alarms).toMatchObject({
      StreamBehind:
        'GetRecords.IteratorAgeMilliseconds Maximum ClickStream · GreaterThan 54000000 · 15/15 × 60 s · ignore',
      StreamWritesThrottled:
        'WriteProvisionedThroughputExceeded Average ClickStream · GreaterThan 0.01 · 3/5 × 60 s · notBreaching',
      StreamReadsThrottled:
        'ReadProvisionedThroughputExceeded Average ClickStream · GreaterThan 0.01 · 3/5 × 60 s · notBreaching',
      NoClicks: 'IncomingRecords Sum ClickStream · LessThan 1 · 19/19 × 60 s · breaching',
    });
  });

  it('of the aggregation', () => {
    const aggregator = 'AggregatorHandlerFunction';
    expect(alarms).toMatchObject({
      AggregatorBehind: `IteratorAge Maximum ${aggregator} · GreaterThan 140000 · 3/5 × 60 s · notBreaching`,
      AggregatorErrors:
        `Invocations Sum ${aggregator} · Errors Sum ${aggregator} · ${share} · ` +
        'GreaterThan 5 · 2/3 × 60 s · notBreaching',
      AggregatorThrottled: `Throttles Sum ${aggregator} · GreaterThanOrEqualTo 1 · 3/5 × 60 s · notBreaching`,
      AggregatorSlow: `Duration p99 ${aggregator} · GreaterThan 40000 · 2/3 × 60 s · notBreaching`,
      NothingCounted: `Invocations Sum ${aggregator} · LessThan 1 · 20/20 × 60 s · breaching`,
      BatchesGivenUp:
        'OnFailureDestinationDeliveredEventCount Sum AggregatorMapping · GreaterThan 0 · 1/15 × 60 s · notBreaching',
      BatchesDropped: 'DroppedEventCount Sum AggregatorMapping · GreaterThan 0 · 1/15 × 60 s · notBreaching',
      OnFailureRefused: `DestinationDeliveryFailures Sum ${aggregator} · GreaterThan 0 · 1/15 × 60 s · notBreaching`,
      TableWritesThrottled: 'WriteThrottleEvents Sum Aggregates · GreaterThan 0 · 3/5 × 60 s · notBreaching',
      TableReadsThrottled: 'ReadThrottleEvents Sum Aggregates · GreaterThan 0 · 3/5 × 60 s · notBreaching',
      TableWritesFail: 'SystemErrors Sum Aggregates PutItem · GreaterThan 0 · 12/15 × 60 s · notBreaching',
      TableReadsFail: 'SystemErrors Sum Aggregates Query · GreaterThan 0 · 12/15 × 60 s · notBreaching',
      InvalidShare:
        'EventsValid Sum aggregator · EventsInvalid Sum aggregator · IF(rest+part>0,100*part/(rest+part),0) · ' +
        'GreaterThan 3 · 3/3 × 300 s · notBreaching',
      LateShare:
        `EventsValid Sum aggregator · EventsLate Sum aggregator · ${share} · ` +
        'GreaterThan 11 · 3/3 × 300 s · notBreaching',
      CompactionBehind: 'OldestPendingSeconds Maximum compactor · GreaterThan 1030 · 4/4 × 300 s · breaching',
      CompactionFails: 'ShardsNotCompacted Maximum compactor · GreaterThan 0 · 3/3 × 300 s · notBreaching',
      CompactorErrors: 'Errors Sum CompactorHandlerFunction · GreaterThan 0 · 3/3 × 300 s · notBreaching',
      LogGap: 'LogGaps Maximum compactor · GreaterThan 0 · 1/1 × 300 s · ignore',
    });
  });

  it('of the archive', () => {
    const transformer = 'TransformerFunction';
    expect(alarms).toMatchObject({
      ArchiveStale: 'DeliveryToS3.DataFreshness Maximum Delivery · GreaterThan 1200 · 2/2 × 300 s · ignore',
      ArchiveBehind:
        'KinesisMillisBehindLatest Maximum Delivery · GreaterThan 600000 · 3/3 × 300 s · notBreaching',
      TransformerErrors:
        `Invocations Sum ${transformer} · Errors Sum ${transformer} · ${share} · ` +
        'GreaterThan 5 · 2/3 × 60 s · notBreaching',
      TransformerThrottled: `Throttles Sum ${transformer} · GreaterThanOrEqualTo 1 · 3/5 × 60 s · notBreaching`,
      ProcessingFails: 'ExecuteProcessing.Success Average Delivery · LessThan 1 · 2/2 × 300 s · notBreaching',
      RecordsWithoutRoom: 'RecordsWithoutRoom Sum transformer · GreaterThan 0 · 1/15 × 60 s · notBreaching',
      DeliveryFails: 'DeliveryToS3.Success Average Delivery · LessThan 1 · 2/2 × 300 s · notBreaching',
      NothingArchived: 'DeliveryToS3.Records Sum Delivery · LessThan 1 · 29/29 × 60 s · breaching',
    });
  });

  it('and no alarm has been left out here', () => {
    expect(Object.keys(alarms)).toHaveLength(4 + 18 + 8);
  });

  it('down to some least time, where windows and buffers are short', () => {
    const short = summaries({
      batchingWindowSeconds: 0,
      archiveBufferSeconds: 0,
      transformerBufferSeconds: 0,
    });
    expect(short.AggregatorBehind).toContain('GreaterThan 60000');
    expect(short.ArchiveStale).toContain('GreaterThan 900');
    expect(short.ArchiveBehind).toContain('GreaterThan 300000');
  });
});

describe('Alarms', () => {
  it('of the longest heartbeat look back no longer than the day that CloudWatch allows', () => {
    const longest = { batchingWindowSeconds: 300, archiveBufferSeconds: 900, transformerBufferSeconds: 900 };
    const { NothingCounted, NothingArchived } = summaries({ ...longest, heartbeatMinutes: 1_400 });
    expect(NothingCounted).toContain('1405/1405 × 60 s');
    expect(NothingArchived).toContain('1430/1430 × 60 s');
  });

  it('of a heartbeat are there only when clicks are promised', () => {
    const names = (context: Readonly<Record<string, unknown>>) => Object.keys(summaries(context));
    const heartbeat = ['NoClicks', 'NothingCounted', 'NothingArchived'];
    expect(names({}).filter((name) => heartbeat.includes(name))).toEqual([]);
    expect(names({ heartbeatMinutes: 1 }).filter((name) => heartbeat.includes(name))).toEqual(heartbeat);
  });

  it('can be left out, with the dashboard; the topic stays, so that no export goes', () => {
    const { stream, aggregation, archive } = templatesOf({ alarms: false });
    const types = [stream, aggregation, archive].flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    expect(types.filter((type) => type.startsWith('AWS::CloudWatch::'))).toEqual([]);
    expect(types).toContain('AWS::SNS::Topic');
    expect(Object.keys(stream.Outputs)).toEqual(Object.keys(templatesOf().stream.Outputs));
  });

  it('are named by their stack, so that a message says which deployment it is', () => {
    for (const { id, properties } of alarmsOf(templatesOf({ name: 'shop', stage: 'prod' }))) {
      expect(properties.AlarmName).toMatch(new RegExp(`^shop-prod-(stream|aggregation|archive)-${id}$`));
    }
  });
});
