import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StackOutputs } from '../../contract/stack-outputs';
import { aggregationSettings } from '../support/aggregation-settings-factory';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { type CloudFormationServer, startCloudFormation } from './cloudformation-server';

// RFC 5737: an address that is nobody's. A request to it would wait until it times out.
const elsewhere = 'http://192.0.2.7:4567';
const refusal = `the endpoint ${elsewhere}, which AWS_ENDPOINT_URL… or the profile's endpoint_url names`;
const folder = temporaryFolder('http-handler');
const keys = {
  AWS_REGION: 'eu-west-3',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: 'token',
};

const aggregation = {
  [StackOutputs.aggregation.tableName]: 'table-2',
  [StackOutputs.aggregation.onFailureBucketName]: 'failures-3',
  [StackOutputs.aggregation.settings]: JSON.stringify(aggregationSettings()),
};
let cloudFormation: CloudFormationServer;
beforeAll(async () => {
  cloudFormation = await startCloudFormation({
    'clicks-stream': { [StackOutputs.stream.streamName]: 'stream-4' },
    'clicks-aggregation': aggregation,
    'clicks-archive': {
      [StackOutputs.archive.bucketName]: 'archive-5',
      [StackOutputs.archive.deliveryStreamName]: 'delivery-6',
    },
  });
});
afterAll(() => cloudFormation.close());

const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
  startCommand(resolve(__dirname, `../../${command}/cli.ts`), args, { cwd: folder, env }).finished;

const ledger = join(folder, 'sent.ledger');
const commands: readonly [string, string, ...string[]][] = [
  ['KINESIS', 'produce', '--stream', 'stream-4', '--count', '1', '--ledger', ledger],
  ['CLOUDFORMATION', 'produce', '--stack', 'clicks-stream', '--count', '1'],
  ['CLOUDFORMATION', 'report', '--stack', 'clicks-aggregation'],
  ['DYNAMODB', 'report', '--stack', 'clicks-aggregation'],
  ['S3', 'recover', 'repair', '--all', '--stack', 'clicks'],
  ['KINESIS', 'recover', 'list', '--stack', 'clicks'],
  ['DYNAMODB', 'recover', 'verify', '--stack', 'clicks', '--from', '2026-03-01', '--to', '2026-03-02'],
  // The one that the refused producer has begun.
  ['KINESIS', 'recover', 'verify', '--ledger', ledger, '--stream', 'stream-4'],
];

describe('A client of a command', () => {
  it.each(commands)(
    'refuses plain HTTP to another machine by AWS_ENDPOINT_URL_%s: %s %s %s',
    async (service, command, ...args) => {
      const { code, stderr } = await run(command === 'produce' ? 'producer' : command, args, {
        ...keys,
        AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.access.endpoint,
        [`AWS_ENDPOINT_URL_${service}`]: elsewhere,
      });

      expect(code).toBe(2);
      expect(stderr).toContain(refusal);
    },
  );

  it('refuses it by the endpoint_url of a profile, too', async () => {
    const { code, stderr } = await report(
      'other',
      `[profile other]\n${ownKeys}endpoint_url = ${elsewhere}\n`,
    );

    expect(code).toBe(2);
    expect(stderr).toContain(refusal);
  });

  it('asks nobody for credentials that way', async () => {
    const role = 'role_arn = arn:aws:iam::000000000000:role/r\nsource_profile = source\n';
    const { code, stderr } = await report(
      'role',
      `[profile source]\n${ownKeys}[profile role]\nregion = eu-west-3\n${role}`,
      {
        AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.access.endpoint,
        AWS_ENDPOINT_URL_STS: elsewhere,
      },
    );

    expect(code).toBe(2);
    expect(stderr).toContain(refusal);
  });
});

const ownKeys = 'aws_access_key_id = a\naws_secret_access_key = b\nregion = eu-west-3\n';

/** The report of a stack, by a profile of this file. */
function report(profile: string, text: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(folder, profile);
  writeFileSync(file, text);
  const access = { AWS_PROFILE: profile, AWS_CONFIG_FILE: file };
  return run('report', ['--stack', 'clicks-aggregation'], { ...access, ...env });
}
