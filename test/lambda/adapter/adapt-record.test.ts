import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readStreamRecord } from '../../../domain/event/record';
import { createRecordAdapter } from '../../../lambda/adapter/adapt-record';
import type { LogFormat } from '../../../lambda/adapter/contract';
import { maxUnpackedBytes } from '../../../lambda/adapter/log-events';
import { realtimeLine, shardRecord, subscriptionData } from './log-record-factory';

const shard = 'logs/shardId-000000000002';
const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

function adapt(data: Buffer | string, format: LogFormat = 'combined', sequenceNumber = '4907') {
  const { outgoing, ...counts } = createRecordAdapter(format)(shard, shardRecord(data, sequenceNumber));
  return {
    ...counts,
    keys: outgoing.map(({ partitionKey }) => partitionKey),
    texts: outgoing.map((event) => Buffer.from(event.data).toString()),
    bytes: outgoing.map((event) => Buffer.from(event.data)),
  };
}
const combined = (path: string) =>
  `198.51.100.7 - - [04/Mar/2026:04:06:07 +0000] "GET ${path} HTTP/1.1" 200 17 "-" "curl/8"`;

describe('A record of CloudFront’s real-time log', () => {
  it('becomes an event under its visitor, named by its request', () => {
    const line = realtimeLine({ 'cs-uri-stem': '/boots?size=42' });
    const { texts, keys, ...counts } = adapt(`${line}\n`);
    const event = JSON.parse(texts[0]!);
    expect(counts).toMatchObject({ lines: 1, badLines: 0 });
    expect(event).toMatchObject({
      eventId: hash(`cloudfront:k1T-x==:1\n${line}`),
      timestamp: '2026-03-04T04:06:07.250Z',
      page: '/boots',
      query: 'size=42',
    });
    expect(keys).toEqual([event.visitorId]);
  });

  it('has the same event as a copy of it elsewhere in the stream', () => {
    expect(adapt(realtimeLine(), 'combined', '5001').texts).toEqual(adapt(realtimeLine()).texts);
  });

  it('without the request’s id has an event that is named by its place', () => {
    const line = realtimeLine({ 'x-edge-request-id': '-' });
    const ids = (sequenceNumber: string) =>
      adapt(`${line}\n${line}`, 'combined', sequenceNumber).texts.map((text) => JSON.parse(text).eventId);
    expect(ids('4907')).toEqual([hash(`${shard}:4907:1\n${line}`), hash(`${shard}:4907:2\n${line}`)]);
    expect(ids('5001')).not.toEqual(ids('4907'));
  });

  it('keeps what is no event as it is, in its place', () => {
    const { texts, ...counts } = adapt(
      `${realtimeLine()}\n\nnonsense\t\u{1f4a5}\r\n${realtimeLine({ 'c-ip': '-' })}\n`,
    );
    expect(counts).toMatchObject({ lines: 3, badLines: 2 });
    expect(texts.slice(1)).toEqual(['nonsense\t\u{1f4a5}\r', realtimeLine({ 'c-ip': '-' })]);
  });

  it('keeps bytes that are no text', () => {
    const line = Buffer.from([0x61, 0xff, 0x09, 0x00, 0xc3]);
    expect(adapt(line)).toMatchObject({ badLines: 1, bytes: [line] });
  });
});

describe('A record of CloudWatch Logs', () => {
  it('becomes an event for each of its lines, named by the id that CloudWatch gave it', () => {
    const data = subscriptionData([
      { id: '3195', message: `${combined('/a')}\n` },
      { id: '3196', message: combined('/b') },
    ]);
    const { texts, ...counts } = adapt(data);
    expect(counts).toMatchObject({ lines: 2, badLines: 0 });
    expect(texts.map((text) => JSON.parse(text))).toEqual([
      expect.objectContaining({ page: '/a', eventId: hash(`cloudwatch:3195:1\n${combined('/a')}`) }),
      expect.objectContaining({ page: '/b', eventId: hash(`cloudwatch:3196:1\n${combined('/b')}`) }),
    ]);
  });

  it('reads its lines in the format of the setting', () => {
    const json = '{"time":"2026-03-04T04:06:07Z","remote_addr":"198.51.100.7","request":"GET /c HTTP/1.1"}';
    expect(adapt(subscriptionData([json, combined('/a')]), 'json-access')).toMatchObject({ badLines: 1 });
    expect(adapt(subscriptionData([json, combined('/a')]), 'combined')).toMatchObject({ badLines: 1 });
    const click = '{"eventId":"e-9","visitorId":"v-9","n":9007199254740993}';
    expect(adapt(subscriptionData([click]), 'ndjson')).toMatchObject({
      texts: [click],
      keys: ['v-9'],
      badLines: 0,
    });
  });

  it('that only tries the stream has no line', () => {
    const data = subscriptionData(
      ['CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.'],
      'CONTROL_MESSAGE',
    );
    expect(adapt(data)).toMatchObject({ lines: 0, badLines: 0, texts: [] });
  });

  it.each([
    ['is cut off', subscriptionData([combined('/a')]).subarray(0, 90)],
    ['is no message', gzipSync('[1]')],
    ['is a message of another type', subscriptionData([combined('/a')], 'NEWS_MESSAGE')],
    ['has a line without text', gzipSync('{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1"}]}')],
    [
      'unpacks to more than is read',
      gzipSync(
        `{"messageType":"DATA_MESSAGE",${' '.repeat(maxUnpackedBytes)}"logEvents":[{"id":"1","message":"a"}]}`,
      ),
    ],
    ['has a line that is too long for a record', subscriptionData([combined('/a'), 'x'.repeat(1_000_001)])],
  ])('that %s is kept as it is', (_, data) => {
    expect(adapt(data)).toMatchObject({ lines: 1, badLines: 1, bytes: [data] });
  });
});

describe('Whatever a record holds', () => {
  it('each of its lines is in the stream, and the counts say how many are events there', () => {
    const lines = fc.array(
      fc.oneof(
        fc.constant(realtimeLine()),
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '')),
        fc.nat(12).map((cut) => realtimeLine().split('\t').slice(0, cut).join('\t')),
      ),
    );
    fc.assert(
      fc.property(lines, (texts) => {
        const { bytes, badLines } = adapt(texts.join('\n'));
        const readings = bytes.flatMap((data) => readStreamRecord(data, 1_772_597_168_000).flat());
        expect(readings.filter(({ ok }) => !ok)).toHaveLength(badLines);
        expect(readings).toHaveLength(texts.filter((text) => /[^ \t\r]/.test(text)).length);
      }),
    );
  });
});
