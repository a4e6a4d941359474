import { deployedReaders } from '../../dashboard/deployed-health';
import { startHttp } from '../producer/kinesis-server';

describe('the health of a deployed pipeline, read with the credentials of a caller,', () => {
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
