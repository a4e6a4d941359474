import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { signed } from '../../../bench/producer/sign';

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, since the SDK writes them itself. */
  readonly body: Uint8Array;
}

/** A request as the SDK signs it. */
async function signedBySdk(): Promise<Request> {
  const requests: Request[] = [];
  const client = new KinesisClient({
    region: 'eu-west-3',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'not a secret' },
    requestHandler: {
      async handle(request: Request) {
        requests.push(request);
        throw new Error('goes nowhere');
      },
    },
    maxAttempts: 1,
  });
  const put = { StreamName: 'clicks', Data: Buffer.from('{"page":"/é"}'), PartitionKey: 'visitor-7' };
  await expect(client.send(new PutRecordCommand(put))).rejects.toThrow('goes nowhere');
  return requests[0]!;
}

/** `20261121T140100Z` */
function dateOf(time: string): Date {
  return new Date(time.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
}

describe('the floor’s own signing', () => {
  it('signs as the SDK does', async () => {
    const { headers, body } = await signedBySdk();
    const authorization = headers.authorization!;
    const names = /SignedHeaders=([^,]*)/.exec(authorization)![1]!.split(';');
    const given = names.filter((name) => name !== 'x-amz-date').map((name) => [name, headers[name]!]);

    const own = signed(
      Object.fromEntries(given),
      body,
      {
        accessKeyId: 'AKIAEXAMPLE',
        secretAccessKey: 'not a secret',
        region: 'eu-west-3',
        service: 'kinesis',
      },
      dateOf(headers['x-amz-date']!),
    );

    expect(names).toContain('host');
    expect(own).toMatchObject({ authorization, 'x-amz-date': headers['x-amz-date'] });
  });
});
