import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { dataDirAt } from '../../emulators/data-dir';
import { describeEndpoints, writeEndpoints } from '../../local/endpoints-file';
import { aggregationSettings } from '../support/aggregation-settings-factory';
import { deployment, mapping } from '../support/deployment-factory';
import { localPipeline } from '../support/local-pipeline-factory';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('endpoints-file');

describe('what is written of a deployment', () => {
  const { endpoints } = localPipeline();

  it('names stream, table, buckets and delivery stream, and the key that the local S3 takes', () => {
    expect(describeEndpoints(deployment(), endpoints)).toEqual({
      region: 'us-east-1',
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      endpoints,
      stream: 'clicks-1',
      table: 'counters-2',
      buckets: { archive: 'archive-3', onFailure: 'failures-4' },
      deliveryStream: 'delivery-10',
      aggregation: aggregationSettings(),
    });
  });

  it('has no bucket for failures where the aggregator has none', () => {
    const { onFailureBucket, ...withoutFailures } = mapping();
    const { buckets } = describeEndpoints(deployment({ aggregatorMapping: withoutFailures }), endpoints);

    expect(buckets).toEqual({ archive: 'archive-3' });
  });

  it('needs the settings of the aggregator', () => {
    expect(() => describeEndpoints(deployment({ outputs: { 'stack-11': {} } }), endpoints)).toThrow(
      'the templates hold no output AggregatorSettings',
    );
  });
});

describe('the files in the data directory', () => {
  /** The environment of a shell that has sourced the file. */
  const sourced = (file: string): Readonly<Record<string, string>> => {
    const output = execFileSync('bash', ['--norc', '-euc', 'source "$1"; env -0', 'bash', file], {
      // A developer's own settings, of which none may win.
      env: {
        PATH: process.env.PATH,
        AWS_PROFILE: 'production',
        AWS_SESSION_TOKEN: 'token',
        AWS_REGION: 'eu-west-9',
      },
      encoding: 'utf8',
      // A bash whose input is a socket, as that of a child of Node, takes itself for a remote shell.
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pairs = output.split('\0').filter((pair) => pair !== '');
    return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]));
  };

  it('tell a command and a shell the same', async () => {
    const dir = dataDirAt(join(folder, "it's here"));
    mkdirSync(dir.path);
    await writeEndpoints(localPipeline(), dir);

    expect(await readLocalPipeline(dir.path)).toEqual(localPipeline());
    const { AWS_PROFILE, AWS_SESSION_TOKEN, ...environment } = sourced(dir.environmentFile);
    expect({ AWS_PROFILE, AWS_SESSION_TOKEN }).toEqual({});
    expect(environment).toMatchObject({
      AWS_REGION: 'eu-north-1',
      AWS_DEFAULT_REGION: 'eu-north-1',
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'hush',
      AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:4599',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:4600',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4601',
      AWS_ENDPOINT_URL_FIREHOSE: 'http://127.0.0.1:4602',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
      STREAM: 'Clicks-Stream-1',
      TABLE: 'Clicks-Aggregates-2',
      ARCHIVE_BUCKET: 'clicks-archive-3',
      ON_FAILURE_BUCKET: 'clicks-failures-4',
    });
  });

  it('replace those of an earlier run, and leave nothing else behind', async () => {
    const dir = dataDirAt(join(folder, 'again'));
    mkdirSync(dir.path);
    await writeEndpoints(localPipeline(), dir);
    const later = localPipeline({ table: 'Later', buckets: { archive: 'later-archive' } });
    await writeEndpoints(later, dir);

    expect(await readLocalPipeline(dir.path)).toEqual(later);
    const { TABLE, ON_FAILURE_BUCKET } = sourced(dir.environmentFile);
    expect({ TABLE, ON_FAILURE_BUCKET }).toEqual({ TABLE: 'Later' });
    expect(readdirSync(dir.path).toSorted()).toEqual(['aws-env.sh', 'endpoints.json']);
  });
});
