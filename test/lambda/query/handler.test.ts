import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { windowSizes } from '../../../domain/counters/window';
import { readEnvironment } from '../../../lambda/query/environment';
import { countedClicks } from '../../report/counted-clicks';
import { type DynamoServer, startDynamoServer } from '../../support/aggregates-table';
import { retentionDays } from '../../support/retention-factory';
import { temporaryFolder } from '../../support/temporary-folder';

const kept = retentionDays({ minute: 7, hour: 30, day: 90 });
const folder = temporaryFolder('query-handler');
const environment = {
  PROJECT: 'clickstream',
  STAGE: 'dev',
  TABLE_NAME: 'counted',
  PIPELINE: 'clickstream-dev',
  UNIQUE_VISITORS: 'total',
  RETENTION_DAYS: Object.values(kept).join(),
  AWS_ACCESS_KEY_ID: 'S3RVER',
  AWS_SECRET_ACCESS_KEY: 'S3RVER',
  AWS_REGION: 'eu-north-1',
};

describe('the query function', () => {
  let server: DynamoServer;
  let handler: typeof import('../../../lambda/query/handler').handler;
  const printed: string[] = [];
  const before = { ...process.env };
  beforeAll(async () => {
    server = await startDynamoServer(folder);
    const now = Date.now();
    const { count } = await countedClicks(server.client, 'counted', 'total');
    await count([{ timestamp: new Date(now).toISOString(), page: '/a' }], { arrivedAt: now });
    Object.assign(process.env, environment, { AWS_ENDPOINT_URL_DYNAMODB: server.endpoint });
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
    // As on AWS, where a handler reads its environment as it is loaded.
    ({ handler } = await import('../../../lambda/query/handler'));
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    process.env = before;
    await server.close();
  });

  const ask = (rawPath: string, rawQueryString = '', headers: Record<string, string> = {}, method = 'GET') =>
    handler({
      rawPath,
      rawQueryString,
      headers,
      requestContext: { http: { method } },
    } as unknown as APIGatewayProxyEventV2);

  it('answers as the API does', async () => {
    const answer = await ask('/api/top', 'dimension=page&search=%2Fa');
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ rows: [{ value: '/a', count: 1 }], sum: 1 });
    const etag = String(answer.headers?.etag);
    expect(await ask('/api/top', 'dimension=page&search=%2Fa', { 'if-none-match': etag })).toMatchObject({
      statusCode: 304,
    });
    expect(await ask('/api/top', 'limit=0')).toMatchObject({ statusCode: 400 });
    expect(await ask('/api/top', '', {}, 'DELETE')).toMatchObject({ statusCode: 405 });
    expect(printed).toEqual([]);
  });

  it('tells the caller no more than to ask again when the table refuses, and logs the name of the error', async () => {
    const refused = Object.assign(new Error('not for visitors'), {
      name: 'ThrottlingException',
      $metadata: {},
    });
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const send = jest
      .spyOn(DynamoDBClient.prototype, 'send')
      .mockImplementation(() => Promise.reject(refused));
    // Sketches, which nobody follows yet.
    const answer = await ask('/api/uniques');
    send.mockRestore();
    expect([answer.statusCode, answer.body]).toEqual([
      503,
      '{"error":"the table cannot be read just now; ask again in a moment"}',
    ]);
    expect(printed.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'WARN', service: 'query', error: 'ThrottlingException' }),
    ]);
  });
});

it('the query function reads its settings, or names the one that is wrong', () => {
  expect(readEnvironment(environment)).toEqual({
    tableName: 'counted',
    pipeline: 'clickstream-dev',
    uniqueVisitors: 'total',
    retentionDays: kept,
  });
  const { RETENTION_DAYS: right } = environment;
  for (const wrong of [right.replace('7,', ''), right.replace('30', 'x'), right.replace('7', '0')])
    expect(() => readEnvironment({ ...environment, RETENTION_DAYS: wrong })).toThrow(
      `environment variable RETENTION_DAYS is "${wrong}": must be days of ${windowSizes.join(', ')}`,
    );
  expect(() => readEnvironment({ ...environment, UNIQUE_VISITORS: 'site' })).toThrow(
    'UNIQUE_VISITORS is "site"',
  );
});
