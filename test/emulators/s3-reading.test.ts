import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createClients } from '../../emulators/clients';
import { startS3 } from '../../emulators/s3';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('s3-reading');

it('an object that is written anew is read as the one or the other, whole', async () => {
  const s3 = await startS3({ port: 0, dataDir: folder });
  const nobody = 'http://127.0.0.1:1';
  const clients = createClients({ s3: s3.endpoint, kinesis: nobody, dynamodb: nobody }, 'eu-west-3');
  const name = { Bucket: 'archive', Key: 'written/anew' };
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
  const contents = ['short', 'long'.repeat(2_000)];
  const put = (n: number) => clients.s3.send(new PutObjectCommand({ ...name, Body: contents[n % 2]! }));
  await put(0);

  const read = new Set<string>();
  let isWriting = true;
  const reader = async () => {
    while (isWriting) {
      const { Body } = await clients.s3.send(new GetObjectCommand(name));
      read.add(await Body!.transformToString());
    }
  };
  const readers = Promise.all([reader(), reader(), reader(), reader()]);
  for (let n = 1; n < 60; n++) await put(n);
  isWriting = false;
  await readers;
  expect(read).toEqual(new Set(contents));

  clients.destroy();
  await s3.close();
});
