import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Clients, createClients } from '../../emulators/clients';
import type { Emulator } from '../../emulators/emulator';
import { startS3 } from '../../emulators/s3';
import { temporaryFolder } from '../support/temporary-folder';
import { sendRaw, signed } from './raw-request';

const folder = temporaryFolder('s3-paths');
const dataDir = join(folder, 'data', 's3');
let s3: Emulator;
let clients: Clients;
let uploadId: string;

beforeAll(async () => {
  mkdirSync(join(folder, 'victim'));
  mkdirSync(join(folder, 'empty-victim'));
  writeFileSync(join(folder, 'victim', 'diary.txt'), 'dear diary');
  // As s3rver keeps an object, so that it would find it.
  writeFileSync(join(folder, 'victim', 'secret._S3rver_object'), 'a secret');
  s3 = await startS3({ port: 0, dataDir });
  clients = createClients(
    { s3: s3.endpoint, kinesis: 'http://127.0.0.1:1', dynamodb: 'http://127.0.0.1:1' },
    'eu-west-3',
  );
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
  await clients.s3.send(new PutObjectCommand({ Bucket: 'archive', Key: 'year=2026/kept', Body: 'kept' }));
  const upload = await clients.s3.send(new CreateMultipartUploadCommand({ Bucket: 'archive', Key: 'large' }));
  uploadId = upload.UploadId!;
});
afterAll(async () => {
  clients.destroy();
  await s3.close();
});

/** Every file and folder but what is in the bucket, with what it holds. */
function outside(): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ path }) => !path.startsWith(join(dataDir, 'archive')));
  return Object.fromEntries(
    found.map(({ entry, path }) => [path, entry.isFile() ? readFileSync(path, 'utf8') : 'folder']),
  );
}

const send = (line: string, headers: readonly (readonly [string, string])[] = [], body = '') =>
  sendRaw(s3.endpoint, {
    line,
    headers: [['Host', new URL(s3.endpoint).host], ...signed, ...headers],
    body,
  });

const form = (key: string) =>
  [
    '--x',
    'Content-Disposition: form-data; name="key"',
    '',
    key,
    '--x',
    'Content-Disposition: form-data; name="file"; filename="f"',
    'Content-Type: application/octet-stream',
    '',
    'written outside',
    '--x--',
    '',
  ].join('\r\n');
const multipart = [['Content-Type', 'multipart/form-data; boundary=x']] as const;
const list = (key: string) => `<Delete><Object><Key>${key}</Key></Object></Delete>`;

/** Ways out of a bucket, as a client may spell them in an address. */
const ways = [
  '../../victim',
  '..%2f..%2fvictim',
  '%2e%2e/%2e%2e/victim',
  '..%2F..%2Fvictim',
  '.%2e%2f%2e.%2fvictim',
];

describe('S3 on the laptop keeps inside of its folder', () => {
  let before: Record<string, string>;
  beforeAll(() => {
    before = outside();
  });
  afterEach(() => expect(outside()).toEqual(before));

  it.each([...ways, '..%2f..%2fempty-victim', '..', '.', '%2e%2e', '..%2f', 'archive%2f..%2f..'])(
    'whatever is done to a bucket %s',
    async (bucket) => {
      for (const method of ['DELETE', 'PUT', 'GET', 'HEAD', 'POST']) {
        for (const query of ['', '?cors', '?website', '?delete', '?location']) {
          const { status } = await send(`${method} /${bucket}${query}`, [], list('secret'));
          expect(status).toBeGreaterThanOrEqual(400);
        }
      }
    },
  );

  it.each(
    ways.flatMap((way) => [`archive/../${way}/secret`, `archive/a%2f..%2f../${way}/secret`, `${way}/secret`]),
  )('whatever is done to an object %s', async (path) => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'POST']) {
      for (const query of ['', '?tagging', '?uploads']) {
        const { status, text } = await send(`${method} /${path}${query}`, [], 'written outside');
        expect(status).toBeGreaterThanOrEqual(400);
        expect(text).not.toContain('a secret');
      }
    }
  });

  it.each(['..%252f..%252fvictim', '..%255c..%255cvictim'])(
    'an object that is encoded twice is one whose name has a per cent sign: %s',
    async (key) => {
      expect((await send(`PUT /archive/${key}`, [], 'inside')).status).toBe(200);
      expect((await send(`GET /archive/${key}`)).text).toContain('inside');
    },
  );

  it.each(['a%00b', '..%5c..%5cvictim', 'a/./b', 'a/..', '.', '%2e'])('refuses an object %s', async (key) => {
    expect((await send(`PUT /archive/${key}`, [], 'x')).status).toBe(400);
  });

  it.each(['../../../victim/new', '../../../new', '..', 'a/../../../../new', 'a\0b'])(
    'a form with the key %j',
    async (key) => {
      expect((await send('POST /archive', multipart, form(key))).status).toBe(400);
    },
  );

  it('a form with a key that is no file name, with a file that is sent as a field', async () => {
    const body = form('k'.repeat(300))
      .replace('; filename="f"', '')
      .replace(/Content-Type.*\r\n/, '');
    expect((await send('POST /archive', multipart, body)).status).toBe(500);
    expect((await send('GET /archive')).status).toBe(200);
  });

  it('a list of keys to delete', async () => {
    const secret = '../../../victim/secret';
    expect((await send('POST /archive?delete', [], list(secret))).status).toBe(400);
    const Delete = { Objects: [{ Key: secret }] };
    await expect(clients.s3.send(new DeleteObjectsCommand({ Bucket: 'archive', Delete }))).rejects.toThrow();
  });

  it.each([
    '/archive/../../../victim/secret',
    'archive/..%2f..%2f..%2fvictim/secret',
    '../../victim/secret',
    '/..%2f..%2fvictim/secret',
    'archive/%2e%2e/%2e%2e/%2e%2e/victim/secret',
  ])('a copy of %s, by header and by address', async (source) => {
    for (const query of ['', `?uploadId=${uploadId}&partNumber=1`]) {
      const byHeader = await send(`PUT /archive/copy${query}`, [['X-Amz-Copy-Source', source]]);
      expect(byHeader.status).toBeGreaterThanOrEqual(400);
      const separator = query === '' ? '?' : '&';
      await send(`PUT /archive/copy${query}${separator}x-amz-copy-source=${encodeURIComponent(source)}`);
    }
    expect((await send('GET /archive/copy')).text).not.toContain('a secret');
  });

  it('an upload and a part that are no upload and no part', async () => {
    const part = (upload: string, number: string) =>
      send(`PUT /archive/large?uploadId=${upload}&partNumber=${number}`, [], 'written outside');
    for (const upload of ['..%2f..%2f..', '../../../victim', `${uploadId}%2f..%2f..`, 'a'.repeat(32)]) {
      expect((await part(upload, '1')).status).toBe(404);
    }
    for (const number of ['..%2f..%2f..%2f..%2fvictim%2fnew', '0', '10001', '1.5', 'key', '']) {
      expect((await part(uploadId, number)).status).toBe(400);
    }
  });

  it('a multipart upload of a part that was never sent', async () => {
    const body =
      '<CompleteMultipartUpload><Part><PartNumber>7</PartNumber><ETag>"x"</ETag></Part></CompleteMultipartUpload>';
    const { status, text } = await send(`POST /archive/large?uploadId=${uploadId}`, [], body);
    expect(status).toBe(400);
    expect(text).toContain('InvalidPart');
    expect((await send('GET /archive/year=2026/kept')).text).toContain('kept');
  });

  it('an XML document as long as a disk', async () => {
    const headers = [['Content-Length', '3000000']] as const;
    expect((await send('POST /archive?delete', headers)).status).toBe(400);
    expect((await send('POST /archive?delete', [['Transfer-Encoding', 'chunked']])).status).toBe(411);
  });

  it('a name of a bucket on which the check of names would work for years', async () => {
    expect((await send(`PUT /${'a'.repeat(60)}!`)).status).toBe(400);
    expect((await send(`PUT /${'a'.repeat(50)}..b`)).status).toBe(400);
  });

  it('and goes on doing what it is for', async () => {
    const { s3 } = clients;
    const names = { Bucket: 'archive', Key: 'large', UploadId: uploadId };
    const { ETag } = await s3.send(new UploadPartCommand({ ...names, PartNumber: 2, Body: 'two' }));
    const MultipartUpload = { Parts: [{ PartNumber: 2, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ ...names, MultipartUpload }));
    await s3.send(new CopyObjectCommand({ Bucket: 'archive', Key: 'a..b/..c', CopySource: 'archive/large' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'archive', Key: 'a..b/..c' }));
    expect(await Body!.transformToString()).toBe('two');
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['archive']);
  });
});
