import { join } from 'node:path';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { SetupError } from '../../cli/setup-error';
import { localPipeline, writeLocalPipeline } from '../support/local-pipeline-factory';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('local-pipeline');
const { credentials, endpoints, buckets } = localPipeline();

describe("the local pipeline's file", () => {
  it('says where everything is', async () => {
    writeLocalPipeline(folder, localPipeline());

    expect(await readLocalPipeline(folder)).toEqual(localPipeline());
  });

  it('need not name a bucket for failures', async () => {
    const withoutFailures = localPipeline({ buckets: { archive: buckets.archive } });
    writeLocalPipeline(folder, withoutFailures);

    expect(await readLocalPipeline(folder)).toEqual(withoutFailures);
  });

  it('is missing where no pipeline has run, and that says how to get one', async () => {
    const reading = readLocalPipeline(join(folder, 'nowhere'));

    await expect(reading).rejects.toThrow(SetupError);
    await expect(reading).rejects.toThrow(
      `${folder}/nowhere/endpoints.json is not there: no pipeline was started in this directory. Start one with: npm start`,
    );
  });

  it.each([
    ['cut short', '{"region":"eu-n', 'it is not JSON'],
    ['empty', '', 'it is not JSON'],
    ['no object', 'null', 'region is missing'],
    ['without region', { ...localPipeline(), region: undefined }, 'region is missing'],
    ['with an empty stream', localPipeline({ stream: '' }), 'stream is missing'],
    ['with a numbered table', { ...localPipeline(), table: 7 }, 'table is missing'],
    ['with other credentials', { ...localPipeline(), credentials: 7 }, 'credentials.accessKeyId is missing'],
    [
      'without the secret',
      { ...localPipeline(), credentials: { accessKeyId: credentials.accessKeyId } },
      'credentials.secretAccessKey is missing',
    ],
    ['without endpoints', { ...localPipeline(), endpoints: null }, 'endpoints.kinesis is missing'],
    [
      'without DynamoDB',
      { ...localPipeline(), endpoints: { kinesis: endpoints.kinesis, s3: endpoints.s3 } },
      'endpoints.dynamodb is missing',
    ],
    [
      'without S3',
      { ...localPipeline(), endpoints: { ...endpoints, s3: undefined } },
      'endpoints.s3 is missing',
    ],
    ['without an archive', { ...localPipeline(), buckets: {} }, 'buckets.archive is missing'],
    [
      'of an earlier version',
      { ...localPipeline(), aggregation: undefined },
      'aggregation.minuteRetentionDays is missing',
    ],
  ])('that is %s is named with what is wrong', async (_, file, what) => {
    writeLocalPipeline(folder, file);

    const reading = readLocalPipeline(folder);
    await expect(reading).rejects.toThrow(SetupError);
    await expect(reading).rejects.toThrow(
      `${folder}/endpoints.json: ${what}. Start the local pipeline again with: npm start`,
    );
  });
});
