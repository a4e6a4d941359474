import {
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { startFirehoseEndpoint } from '../../../local/firehose/firehose-endpoint';
import type { JsonService } from '../../../local/json-service';
import { PROCESSOR, streamSpec } from './harness';

const CREATED_AT = Date.parse('2026-03-01T10:00:00.250Z');
const SECOND_NAME = 'second-archive';
const data = { Data: Buffer.from('{}') };
/** All that is looked at of a signature. */
const authorization = 'AWS4-HMAC-SHA256 Signature=0';

let endpoint: JsonService;
let client: FirehoseClient;

beforeAll(async () => {
  const specs = [streamSpec({ fileExtension: '.ndjson.gz' }), streamSpec({ name: SECOND_NAME })];
  endpoint = await startFirehoseEndpoint({
    port: 0,
    streams: specs.map((spec) => ({ spec, createdAt: CREATED_AT })),
  });
  client = new FirehoseClient({
    endpoint: endpoint.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

describe('the Firehose API on the laptop', () => {
  it('lists the delivery streams by name, page by page', async () => {
    const all = await client.send(new ListDeliveryStreamsCommand({}));
    expect(all).toMatchObject({
      DeliveryStreamNames: ['click-archive', SECOND_NAME],
      HasMoreDeliveryStreams: false,
    });
    const first = await client.send(new ListDeliveryStreamsCommand({ Limit: 1 }));
    expect(first).toMatchObject({ DeliveryStreamNames: ['click-archive'], HasMoreDeliveryStreams: true });
    const rest = await client.send(
      new ListDeliveryStreamsCommand({ ExclusiveStartDeliveryStreamName: 'click-archive' }),
    );
    expect(rest).toMatchObject({ DeliveryStreamNames: [SECOND_NAME], HasMoreDeliveryStreams: false });
    const direct = await client.send(new ListDeliveryStreamsCommand({ DeliveryStreamType: 'DirectPut' }));
    expect(direct.DeliveryStreamNames).toEqual([]);
  });

  it('describes a delivery stream with its source, destination and processor', async () => {
    const { DeliveryStreamDescription: description } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'click-archive' }),
    );
    expect(description).toMatchObject({
      DeliveryStreamName: 'click-archive',
      DeliveryStreamARN: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/click-archive',
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'KinesisStreamAsSource',
      VersionId: '1',
      CreateTimestamp: new Date(CREATED_AT),
      HasMoreDestinations: false,
      Source: {
        KinesisStreamSourceDescription: {
          KinesisStreamARN: 'arn:aws:kinesis:eu-central-1:111122223333:stream/clicks',
          DeliveryStartTimestamp: new Date(CREATED_AT),
        },
      },
    });
    const [destination] = description?.Destinations ?? [];
    expect(destination?.DestinationId).toBe('destinationId-000000000001');
    expect(destination?.S3DestinationDescription).not.toHaveProperty('ProcessingConfiguration');
    expect(destination?.ExtendedS3DestinationDescription).toMatchObject({
      BucketARN: 'arn:aws:s3:::archive-bucket',
      Prefix: 'data/hour=!{timestamp:HH}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      BufferingHints: { SizeInMBs: 3, IntervalInSeconds: 70 },
      CompressionFormat: 'GZIP',
      FileExtension: '.ndjson.gz',
      CustomTimeZone: 'UTC',
    });
    const { Enabled, Processors } =
      destination?.ExtendedS3DestinationDescription?.ProcessingConfiguration ?? {};
    const parameters = Processors?.[0]?.Parameters?.map((p) => [p.ParameterName, p.ParameterValue]);
    expect(Enabled).toBe(true);
    expect(Object.fromEntries(parameters ?? [])).toMatchObject({
      LambdaArn: PROCESSOR.functionArn,
      NumberOfRetries: '2',
      BufferSizeInMBs: '1',
      BufferIntervalInSeconds: '20',
    });
  });

  it('refuses puts in the words of AWS: the delivery stream reads from Kinesis', async () => {
    const refused = {
      name: 'InvalidArgumentException',
      message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    };
    const DeliveryStreamName = 'click-archive';
    await expect(
      client.send(new PutRecordCommand({ DeliveryStreamName, Record: data })),
    ).rejects.toMatchObject(refused);
    await expect(
      client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: [data] })),
    ).rejects.toMatchObject(refused);
  });

  it('does not find a delivery stream of another name', async () => {
    const missing = new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'nobody' });
    await expect(client.send(missing)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Firehose nobody under account 111122223333 not found.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('names an operation that it does not serve', async () => {
    const remove = new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'click-archive' });
    await expect(client.send(remove)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'The operation "DeleteDeliveryStream" is not served here.',
    });
  });

  it.each([
    ['no JSON', 'Firehose_20150804.ListDeliveryStreams', '{', 'SerializationException'],
    ['no object', 'Firehose_20150804.ListDeliveryStreams', '[]', 'SerializationException'],
    ['no name', 'Firehose_20150804.DescribeDeliveryStream', '{}', 'ValidationException'],
    ['a limit of 0', 'Firehose_20150804.ListDeliveryStreams', '{"Limit":0}', 'ValidationException'],
    ['another service', 'Kinesis_20131202.ListStreams', '{}', 'UnknownOperationException'],
  ])('refuses a request with %s', async (_, target, body, type) => {
    const response = await fetch(endpoint.endpoint, {
      method: 'POST',
      headers: { authorization, 'x-amz-target': target },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: type });
  });

  it('refuses a body that is too long and goes on', async () => {
    const body = Buffer.alloc(9 * 1024 * 1024, ' ');
    const response = await fetch(endpoint.endpoint, { method: 'POST', headers: { authorization }, body });
    expect(response.status).toBe(413);
    expect(await client.send(new ListDeliveryStreamsCommand({}))).toBeDefined();
  });
});
