import { rmSync } from 'node:fs';
import { declaredDestination } from '../../../local/cloudformation/destination';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import type { DeliveryStreamSpec } from '../../../local/deployment';
import { buildApp } from '../../lib/deployment';
import { destinationContexts } from '../../lib/destination-factory';

/** The delivery stream that the app's own templates ask for beside the archive's. */
function deliveryOf(kind: keyof typeof destinationContexts): DeliveryStreamSpec {
  const { app } = buildApp(destinationContexts[kind]);
  try {
    const { deliveryStreams, archive } = readDeployment(app.synth().directory);
    const [other, ...more] = deliveryStreams.filter((stream) => stream !== archive);
    expect(more).toEqual([]);
    return other!;
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

const place = { stack: 'S', logicalId: 'Delivery', type: 'AWS::KinesisFirehose::DeliveryStream', path: '' };
const read = (properties: Parameters<typeof declaredDestination>[1]) => {
  const declared = declaredDestination(place, properties)!;
  return declared.read(declared.place, declared.configuration);
};

describe('A destination of the app’s own templates', () => {
  it('http is read, with the bucket for what it does not take', () => {
    expect(deliveryOf('http')).toMatchObject({
      application: 'clickstream-dev-destination',
      bucket: expect.stringMatching(/^clickstream-dev-archive-/),
      errorOutputPrefix: expect.stringMatching(/^undelivered\/!\{firehose:error-output-type\}\//),
      compression: 'GZIP',
      bufferIntervalSeconds: 17,
      processor: { functionArn: expect.stringContaining('Forwarder') },
      destination: {
        kind: 'http-endpoint',
        bufferSizeMiB: 4,
        bufferIntervalSeconds: 17,
        retrySeconds: 1_234,
        compresses: true,
        commonAttributes: {},
        hasSecret: true,
      },
    });
  });

  it('splunk is read', () => {
    expect(deliveryOf('splunk').destination).toEqual({
      kind: 'splunk',
      bufferSizeMiB: 4,
      bufferIntervalSeconds: 23,
      retrySeconds: 3_456,
      endpoint: 'raw',
      acknowledgementSeconds: 300,
    });
  });

  it('opensearch is read', () => {
    expect(deliveryOf('opensearch').destination).toEqual({
      kind: 'opensearch',
      bufferSizeMiB: 4,
      bufferIntervalSeconds: 19,
      retrySeconds: 2_345,
      index: 'clicks',
      rotation: 'OneDay',
      hasDocumentIds: true,
    });
  });

  it('redshift stops the start: nothing here is Redshift', () => {
    expect(() => deliveryOf('redshift')).toThrow(
      /RedshiftDestinationConfiguration .* cannot be honoured on the laptop; .*no such destination here/,
    );
  });
});

describe('A destination of a template', () => {
  it('has the API’s defaults', () => {
    expect(read({ HttpEndpointDestinationConfiguration: { S3Configuration: {} } })).toEqual({
      kind: 'http-endpoint',
      bufferSizeMiB: 5,
      bufferIntervalSeconds: 300,
      retrySeconds: 300,
      compresses: false,
      commonAttributes: {},
      hasSecret: false,
    });
  });

  it.each<readonly [string, Parameters<typeof read>[0]]>([
    ['S3BackupMode', { HttpEndpointDestinationConfiguration: { S3BackupMode: 'AllData' } }],
    ['HECToken', { SplunkDestinationConfiguration: { HECToken: 'plain', HECEndpointType: 'Raw' } }],
    ['SecretsManagerConfiguration', { SplunkDestinationConfiguration: { HECEndpointType: 'Raw' } }],
    ['VpcConfiguration', { AmazonopensearchserviceDestinationConfiguration: { VpcConfiguration: {} } }],
    [
      'IndexRotationPeriod',
      {
        AmazonopensearchserviceDestinationConfiguration: {
          IndexName: 'a',
          IndexRotationPeriod: 'OneWeek',
        },
      },
    ],
    [
      'RetryOptions.DurationInSeconds',
      { HttpEndpointDestinationConfiguration: { RetryOptions: { DurationInSeconds: 7_201 } } },
    ],
  ])('is refused for %s that is not run here', (property, properties) => {
    expect(() => read(properties)).toThrow(`${property} `);
  });
});
