import type { AlarmStatus } from '../../alarms/alarm-status';
import { deployedReaders, healthOf } from '../../dashboard/deployed-health';
import { startHttp } from '../producer/kinesis-server';

const alarm: AlarmStatus = {
  name: 'clickstream-prod-aggregation-LogGap',
  state: 'ALARM',
  since: '2026-03-01T10:00:00Z',
  description: 'A log has a gap.',
  threshold: 0,
  runbook: 'docs/operations.md#loggap',
};

describe('the health of a deployed pipeline', () => {
  it('is asked for once a minute', async () => {
    let now = 1_000_000;
    let asked = 0;
    const readers = { alarms: async () => [alarm], givenUpBatches: async () => ++asked };
    const health = healthOf(readers, () => now);
    expect(await health()).toEqual({ alarms: [alarm], givenUpBatches: 1 });
    now += 59_000;
    expect(await health()).toMatchObject({ givenUpBatches: 1 });
    now += 1_000;
    expect(await health()).toMatchObject({ givenUpBatches: 2 });
  });

  it('leaves out what the caller may not ask', async () => {
    const denied = async () => {
      throw new Error('denied');
    };
    expect(await healthOf({ alarms: denied, givenUpBatches: async () => 0 }, () => 0)()).toEqual({
      givenUpBatches: 0,
    });
    expect(await healthOf({ alarms: async () => [], givenUpBatches: denied }, () => 0)()).toEqual({
      alarms: [],
    });
  });

  it('counts the objects of the on-failure bucket that wait for a repair', async () => {
    const seen: string[] = [];
    const output =
      '<member><OutputKey>OnFailureBucketName</OutputKey><OutputValue>failures</OutputValue></member>';
    const server = await startHttp('text/xml', (body) => {
      seen.push(body);
      return body.includes('DescribeStacks')
        ? {
            body: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><Outputs>${output}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
          }
        : {
            body: '<ListBucketResult><KeyCount>2</KeyCount><Contents><Key>aws/lambda/1</Key></Contents><Contents><Key>aws/lambda/2</Key></Contents><IsTruncated>false</IsTruncated></ListBucketResult>',
          };
    });
    const access = { ...server.access, region: 'eu-north-1' };
    expect(await deployedReaders('clickstream-prod', access).givenUpBatches()).toBe(2);
    expect(seen[0]).toContain('StackName=clickstream-prod-aggregation');
    await server.close();
  });
});
