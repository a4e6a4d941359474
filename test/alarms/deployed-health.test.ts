import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { healthOf, readWatchedHealth } from '../../alarms/deployed-health';
import { startHttp, type TestServer } from '../producer/kinesis-server';
import { alarmStatus } from '../support/alarm-factory';

const now = Date.parse('2026-03-01T10:20:00Z');

describe('the health of a deployed pipeline', () => {
  it('is asked for once a minute, whoever asks', async () => {
    let at = 1_000_000;
    let [asked, counted] = [0, 0];
    const alarms = [alarmStatus()];
    const health = healthOf(
      {
        watched: async () => ({ alarms, lagMs: { counting: ++asked } }),
        givenUpBatches: async () => ++counted,
      },
      () => at,
    );
    const first = { alarms, lagMs: { counting: 1 }, givenUpBatches: 1 };
    expect(await Promise.all([health(), health()])).toEqual([first, first]);
    at += 59_000;
    expect(await health()).toEqual(first);
    at += 1_000;
    expect(await health()).toEqual({ alarms, lagMs: { counting: 2 }, givenUpBatches: 2 });
  });

  it('leaves out what may not be asked', async () => {
    const denied = async () => {
      throw new Error('denied');
    };
    expect(await healthOf({ watched: denied, givenUpBatches: async () => 0 }, () => 0)()).toEqual({
      givenUpBatches: 0,
    });
    expect(
      await healthOf({ watched: async () => ({ alarms: [] }), givenUpBatches: denied }, () => 0)(),
    ).toEqual({ alarms: [] });
  });
});

describe('what CloudWatch says of a deployed pipeline', () => {
  const deployed = (AlarmName: string, metric: object = {}) => ({
    AlarmName,
    StateValue: 'OK',
    StateTransitionedTimestamp: 1_772_359_323,
    Threshold: 7,
    ...metric,
  });
  const age = {
    Namespace: 'AWS/Lambda',
    MetricName: 'IteratorAge',
    Dimensions: [{ Name: 'FunctionName', Value: 'aggregator-7' }],
  };
  const freshness = {
    Namespace: 'AWS/Firehose',
    MetricName: 'DeliveryToS3.DataFreshness',
    Dimensions: [{ Name: 'DeliveryStreamName', Value: 'delivery-9' }],
  };
  const requests: Record<string, unknown>[] = [];
  let MetricAlarms: readonly object[] = [];
  let metrics: { status?: number; body: string } = { body: '' };
  let server: TestServer;
  let client: CloudWatchClient;
  beforeAll(async () => {
    server = await startHttp('application/x-amz-json-1.0', (body) => {
      const request = JSON.parse(body) as Record<string, unknown>;
      requests.push(request);
      return 'MetricDataQueries' in request ? metrics : { body: JSON.stringify({ MetricAlarms }) };
    });
    client = new CloudWatchClient({ ...server.access, region: 'eu-north-1', maxAttempts: 1 });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });
  beforeEach(() => {
    requests.length = 0;
    MetricAlarms = [
      deployed('p-prod-archive-ArchiveStale', freshness),
      deployed('p-prod-aggregation-AggregatorBehind', age),
      deployed('p-prod-aggregation-dev-aggregation-AggregatorBehind', age),
    ];
  });

  it('is its alarms, and the lags that two of them watch, in two requests', async () => {
    metrics = {
      body: JSON.stringify({
        MetricDataResults: [
          { Id: 'archive', Values: [61, 12], Timestamps: [now / 1_000 - 60, now / 1_000 - 120] },
          { Id: 'counting', Values: [2_345, 99_999], Timestamps: [now / 1_000 - 180, now / 1_000 - 240] },
        ],
      }),
    };
    const { alarms, ...lag } = await readWatchedHealth(client, 'p-prod', now);
    expect(alarms!.map(({ name }) => name)).toEqual([
      'p-prod-aggregation-AggregatorBehind',
      'p-prod-archive-ArchiveStale',
    ]);
    expect(lag).toEqual({ lagMs: { counting: 2_345, archive: 61_000 }, lagAt: '2026-03-01T10:18:00Z' });
    const query = (Id: string, Metric: object) => ({
      Id,
      MetricStat: { Metric, Stat: 'Maximum', Period: 60 },
    });
    expect(requests).toEqual([
      { AlarmNamePrefix: 'p-prod-', MaxRecords: 100 },
      {
        MetricDataQueries: [query('counting', age), query('archive', freshness)],
        StartTime: now / 1_000 - 600,
        EndTime: now / 1_000,
        ScanBy: 'TimestampDescending',
      },
    ]);
  });

  it('has no lag where nothing was measured lately, and none where metrics may not be asked for', async () => {
    metrics = { body: JSON.stringify({ MetricDataResults: [{ Id: 'counting', Values: [] }] }) };
    expect(await readWatchedHealth(client, 'p-prod', now)).toMatchObject({ lagMs: {} });
    metrics = { status: 403, body: '{"__type":"AccessDeniedException","message":"not you"}' };
    const denied = await readWatchedHealth(client, 'p-prod', now);
    expect([denied.alarms?.length, denied.lagMs]).toEqual([2, undefined]);
  });

  it('is nothing without alarms, for which one request is enough', async () => {
    MetricAlarms = [];
    expect(await readWatchedHealth(client, 'p-prod', now)).toEqual({});
    expect(requests).toHaveLength(1);
  });
});
