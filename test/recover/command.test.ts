import { join } from 'node:path';
import { archiveLine } from '../../domain/archive/archive-line';
import { type CloudFormationServer, startCloudFormation } from '../cli/cloudformation-server';
import { clickJson } from '../support/click-factory';
import { shardRecords } from '../support/shard-records';
import { temporaryFolder } from '../support/temporary-folder';
import { errorLine, givenUp } from './failure-factory';
import { type PipelineBench, recover, startPipelineBench } from './pipeline-bench';

const folder = temporaryFolder('recover-command');
const batch = givenUp('Clicks-Stream-1/shardId-000000000000', shardRecords([clickJson({ page: '/größe' })]));
const archivedKey = 'events/year=2026/month=03/day=01/hour=10/a b+c';
const errorKey = 'errors/processing-failed/year=2026/month=03/day=01/hour=10/a b+c';

async function prepare(name: string): Promise<PipelineBench> {
  const bench = await startPipelineBench(join(folder, name));
  await bench.putObject('onFailure', batch.key, batch.body);
  await bench.putObject('archive', errorKey, errorLine({ data: 'junk', arrivedAt: 1_772_359_200_000 }));
  return bench;
}

describe('recover on this machine', () => {
  let running: PipelineBench;
  beforeAll(async () => {
    running = await prepare('running');
    const stopped = await prepare('stopped');
    await stopped.stop();
  }, 60_000);
  afterAll(() => running.stop());

  it.each(['running', 'stopped'])('lists and shows what is in the buckets while it is %s', async (name) => {
    const list = await recover('list', '--local', join(folder, name), '--json');
    expect({ ...list, stdout: JSON.parse(list.stdout) }).toMatchObject({
      code: 0,
      stderr: '',
      stdout: { givenUp: [{ key: batch.key, records: 1 }], failed: [{ key: errorKey, records: 1 }] },
    });
    const show = await recover('show', batch.key, '--local', join(folder, name));
    expect(show.stdout).toContain('"page":"/größe"');
  });
});

describe('recover resubmit on this machine', () => {
  it('puts a rejected line into the stream once, over two runs', async () => {
    const directory = join(folder, 'resubmit');
    const bench = await startPipelineBench(directory);
    const bytes = Buffer.from(clickJson({ eventId: 'again' }));
    const place = { shardId: 'shardId-000000000000', sequenceNumber: '7', subSequenceNumber: 0 };
    const line = archiveLine(
      { ok: false, reason: 'too_deep', bytes },
      { ...place, arrivedAt: 1_772_359_200_000 },
    );
    await bench.putObject('archive', archivedKey, line);
    const run = async () =>
      JSON.parse((await recover('resubmit', archivedKey, '--local', directory, '--json')).stdout);
    const results = [await run(), await run()];
    const listed = await recover('list', '--all', '--local', directory, '--json');
    await bench.stop();

    expect(results).toMatchObject([{ sent: 1 }, { sent: 0, sentBefore: 1 }]);
    expect(JSON.parse(listed.stdout).resubmitted).toHaveLength(2);
  });
});

describe('recover of a deployed pipeline', () => {
  let cloudFormation: CloudFormationServer;
  const environment = process.env;
  beforeAll(async () => {
    cloudFormation = await startCloudFormation({
      'clicks-dev-stream': { StreamName: 'stream-1' },
      'clicks-dev-aggregation': { TableName: 'table-2' },
    });
    process.env = { ...environment, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  });
  afterAll(async () => {
    process.env = environment;
    await cloudFormation.close();
  });

  it.each(['clicks-dev', 'clicks-dev-archive'])('looks for the three stacks of %s', async (name) => {
    const access = ['--region', 'eu-central-1', '--endpoint-url', cloudFormation.access.endpoint];
    const { code, stderr } = await recover('list', '--stack', name, ...access);

    expect(code).toBe(2);
    expect(stderr).toContain('stack clicks-dev-aggregation has no output OnFailureBucketName');
  });
});

describe('recover with wrong arguments', () => {
  it.each([
    [[], 'the command is missing; allowed: list, show, repair, backfill, rebuild, verify, resubmit'],
    [
      ['mend'],
      'there is no command "mend"; allowed: list, show, repair, backfill, rebuild, verify, resubmit',
    ],
    [['repair', 'KEY', '--again'], '--again is for repair --all'],
    [['list', 'KEY'], 'list takes no further words: KEY'],
    [['show'], 'show needs the KEY of an object'],
    [['list', '--stack', 'a', '--local', 'b'], '--stack and --local exclude each other'],
    [['list', '--region', 'eu-central-1'], '--region is for --stack, which is missing'],
    [['list', '--locale', 'x'], '--locale is no option here'],
    [['list', '--local', join(folder, 'none')], 'no pipeline was started in this directory'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stderr } = await recover(...args);

    expect(code).toBe(2);
    expect(stderr).toContain(`recover: `);
    expect(stderr).toContain(message);
  });

  it('shows its help', async () => {
    expect(await recover('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: npm run recover'),
    });
  });
});
