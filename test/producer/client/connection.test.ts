import { connect } from '../../../producer/client/connection';
import { type CloudFormationServer, startCloudFormation } from '../../cli/cloudformation-server';
import { localPipeline, writeLocalPipeline } from '../../support/local-pipeline-factory';
import { temporaryFolder } from '../../support/temporary-folder';

describe('--local', () => {
  const folder = temporaryFolder('producer-connection');

  it('finds stream, address and credentials in endpoints.json', async () => {
    const file = localPipeline();
    writeLocalPipeline(folder, file);
    const { client, streamName, context } = await connect({ kind: 'local', directory: folder });

    expect(streamName).toBe(file.stream);
    expect(await client.config.region()).toBe(file.region);
    expect(await client.config.credentials()).toMatchObject(file.credentials);
    expect(await client.config.endpoint?.()).toMatchObject({
      hostname: '127.0.0.1',
      port: 4599,
      protocol: 'http:',
    });
    expect(context).toMatchObject({ target: `stream ${file.stream}`, endpoint: file.endpoints.kinesis });
    client.destroy();
  });
});

describe('--stack', () => {
  let server: CloudFormationServer;
  beforeAll(async () => {
    server = await startCloudFormation({
      Clicks: { TableName: 'table-1', StreamName: 'stream-from-stack' },
      Other: { TableName: 'table-2' },
    });
  });
  afterAll(() => server.close());

  it('finds the stream among the outputs', async () => {
    const { client, streamName, context } = await connect({
      kind: 'stack',
      name: 'Clicks',
      access: server.access,
    });
    client.destroy();

    expect(streamName).toBe('stream-from-stack');
    expect(context).toMatchObject({ target: 'stream stream-from-stack', region: server.access.region });
  });

  it('names the outputs that there are when the stream is not among them', async () => {
    await expect(connect({ kind: 'stack', name: 'Other', access: server.access })).rejects.toThrow(
      'stack Other has no output StreamName (its outputs: TableName)',
    );
  });
});
