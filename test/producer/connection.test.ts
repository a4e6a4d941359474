import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../producer/connection';
import { startHttp, type TestServer } from './kinesis-server';

const folder = mkdtempSync(join(tmpdir(), 'producer-connection-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('--local', () => {
  const endpoints = {
    region: 'eu-north-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'hush' },
    endpoints: { kinesis: 'http://127.0.0.1:4599', dynamodb: 'http://127.0.0.1:4600' },
    stream: 'Clicks-Stream-1',
  };
  const write = (text: string) => writeFileSync(join(folder, 'endpoints.json'), text);

  it('finds stream, address and credentials in endpoints.json', async () => {
    write(JSON.stringify(endpoints));
    const { client, streamName } = await connect({ kind: 'local', directory: folder });

    expect(streamName).toBe('Clicks-Stream-1');
    expect(await client.config.region()).toBe('eu-north-1');
    expect(await client.config.credentials()).toMatchObject(endpoints.credentials);
    expect(await client.config.endpoint?.()).toMatchObject({
      hostname: '127.0.0.1',
      port: 4599,
      protocol: 'http:',
    });
    client.destroy();
  });

  it('says how to start the pipeline that is not running', async () => {
    await expect(connect({ kind: 'local', directory: '/nowhere' })).rejects.toThrow(
      '/nowhere/endpoints.json is not there: the local pipeline is not running. Start it with: npm start',
    );
  });

  it.each([
    ['{', 'it is not JSON'],
    [JSON.stringify({ ...endpoints, stream: undefined }), 'stream is missing'],
    [JSON.stringify({ ...endpoints, endpoints: {} }), 'endpoints.kinesis is missing'],
    [JSON.stringify({ ...endpoints, credentials: 7 }), 'credentials.accessKeyId is missing'],
  ])('says what is wrong with the file %s', async (text, message) => {
    write(text);

    await expect(connect({ kind: 'local', directory: folder })).rejects.toThrow(`endpoints.json: ${message}`);
  });
});

describe('--stack', () => {
  let server: TestServer;
  let asked: string[] = [];
  const stack = (outputs: string) => ({
    body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>Clicks</StackName><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  });
  const output = (key: string, value: string) =>
    `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;
  const missing = {
    status: 400,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id Gone does not exist</Message></Error></ErrorResponse>',
  };

  beforeAll(async () => {
    server = await startHttp('text/xml', (body) => {
      asked.push(body);
      if (body.includes('StackName=Gone')) return missing;
      if (body.includes('StackName=Other'))
        return stack(output('TableName', 'table-1') + output('Function', 'f'));
      return stack(output('TableName', 'table-1') + output('StreamName', 'stream-from-stack'));
    });
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => server.close());

  it('finds the stream among the outputs', async () => {
    const { client, streamName } = await connect({ kind: 'stack', name: 'Clicks', access: server.access });
    client.destroy();

    expect(streamName).toBe('stream-from-stack');
    expect(asked[0]).toContain('Action=DescribeStacks');
  });

  it('names the outputs that there are when the stream is not among them', async () => {
    await expect(connect({ kind: 'stack', name: 'Other', access: server.access })).rejects.toThrow(
      'stack Other has no output StreamName (its outputs: TableName, Function)',
    );
  });

  it('says that a stack does not exist', async () => {
    await expect(connect({ kind: 'stack', name: 'Gone', access: server.access })).rejects.toThrow(
      'stack Gone: ValidationError: Stack with id Gone does not exist',
    );
  });
});
