import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Health } from '../../../query/answers';
import { startHttp, type TestServer } from '../../producer/kinesis-server';
import { countedClicks } from '../../report/counted-clicks';
import { type DynamoServer, startDynamoServer } from '../../support/aggregates-table';
import { retentionDays } from '../../support/retention-factory';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('health-handler');

describe('the function that tells of the health', () => {
  let table: DynamoServer;
  let cloudWatch: TestServer;
  let s3: TestServer;
  let handler: typeof import('../../../lambda/query/health-handler').handler;
  const asked = { alarms: 0, metrics: 0, batches: 0 };
  const before = { ...process.env };
  beforeAll(async () => {
    table = await startDynamoServer(folder);
    const now = Date.now();
    const { count } = await countedClicks(table.client, 'counted', 'total');
    await count([{ timestamp: new Date(now).toISOString() }], { arrivedAt: now });
    cloudWatch = await startHttp('application/x-amz-json-1.0', (body) => {
      if (body.includes('MetricDataQueries')) {
        asked.metrics++;
        return { body: JSON.stringify({ MetricDataResults: [{ Id: 'counting', Values: [4_321] }] }) };
      }
      asked.alarms++;
      const alarm = {
        AlarmName: 'clickstream-dev-aggregation-AggregatorBehind',
        StateValue: 'ALARM',
        StateTransitionedTimestamp: 1_772_359_323,
        Threshold: 60_000,
        Namespace: 'AWS/Lambda',
        MetricName: 'IteratorAge',
        Dimensions: [{ Name: 'FunctionName', Value: 'aggregator-7' }],
      };
      return { body: JSON.stringify({ MetricAlarms: [alarm] }) };
    });
    s3 = await startHttp('text/xml', () => {
      asked.batches++;
      return {
        body: '<ListBucketResult><KeyCount>3</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>',
      };
    });
    Object.assign(process.env, {
      PROJECT: 'clickstream',
      STAGE: 'dev',
      TABLE_NAME: 'counted',
      PIPELINE: 'clickstream-dev',
      UNIQUE_VISITORS: 'total',
      RETENTION_DAYS: Object.values(retentionDays({})).join(),
      ON_FAILURE_BUCKET: 'failures',
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'eu-north-1',
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.access.endpoint,
      AWS_ENDPOINT_URL_S3: s3.access.endpoint,
    });
    // As on AWS, where a handler reads its environment as it is loaded.
    ({ handler } = await import('../../../lambda/query/health-handler'));
  });
  afterAll(async () => {
    process.env = before;
    await Promise.all([table.close(), cloudWatch.close(), s3.close()]);
  });

  it('answers with alarms, lags and given-up batches, and asks for them no more than once for many pages', async () => {
    const ask = async () => {
      const { statusCode, body } = await handler({
        rawPath: '/api/health',
        rawQueryString: '',
        headers: {},
        requestContext: { http: { method: 'GET' } },
      } as unknown as APIGatewayProxyEventV2);
      expect(statusCode).toBe(200);
      return JSON.parse(body ?? '') as Health;
    };
    for (let page = 0; page < 5; page++) {
      const health = await ask();
      expect(health).toMatchObject({
        lastHour: { clicks: 1 },
        lagMs: { counting: 4_321 },
        givenUpBatches: 3,
        alarms: [{ name: 'clickstream-dev-aggregation-AggregatorBehind', state: 'ALARM', threshold: 60_000 }],
      });
    }
    expect(asked).toEqual({ alarms: 1, metrics: 1, batches: 1 });
  });
});
