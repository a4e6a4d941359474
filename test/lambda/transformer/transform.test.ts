import type { FirehoseTransformationEventRecord } from 'aws-lambda';
import fc from 'fast-check';
import { maxAnswerBytes } from '../../../lambda/transformer/answer-room';
import { transform } from '../../../lambda/transformer/transform';
import { clickJson } from '../../support/click-factory';
import { kplAggregate } from '../../support/kpl-encoder';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');

function firehoseRecord(data: string | Uint8Array, index = 0): FirehoseTransformationEventRecord {
  return {
    recordId: `record-${index}`,
    approximateArrivalTimestamp: arrivedAt,
    data: Buffer.from(data as string).toString('base64'),
    kinesisRecordMetadata: {
      sequenceNumber: String(1000 + index),
      subsequenceNumber: '0',
      partitionKey: 'visitor-1',
      shardId: 'shardId-000000000004',
      approximateArrivalTimestamp: arrivedAt,
    },
  };
}

function transformed(...data: (string | Uint8Array)[]) {
  const result = transform(data.map(firehoseRecord));
  const text = (index: number) => Buffer.from(result.answers[index]!.data ?? '', 'base64').toString();
  return {
    ...result,
    text,
    lines: (index: number) =>
      text(index)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

describe('The transformer', () => {
  it('makes one archive line of a record of one event', () => {
    const { answers, lines, text } = transformed(clickJson({ page: '/Café' }));
    expect(answers[0]).toMatchObject({ recordId: 'record-0', result: 'Ok' });
    expect(text(0).endsWith('\n')).toBe(true);
    expect(lines(0)).toMatchObject([
      {
        page: '/Café',
        shardId: 'shardId-000000000004',
        sequenceNumber: '1000',
        subSequenceNumber: 0,
        arrivedAt: '2026-03-01T10:00:00.000Z',
      },
    ]);
  });

  it('keeps the good and the bad lines of a packed record, each at its index', () => {
    const { lines, answers } = transformed([clickJson(), 'oops', '', clickJson()].join('\n'));
    expect(answers[0]!.result).toBe('Ok');
    expect(lines(0).map((line) => [line.subSequenceNumber, line.rejected])).toEqual([
      [0, undefined],
      [1, 'not_json'],
      [2, undefined],
    ]);
  });

  it.each([
    ['a number, as Firehose sends it', 3, 30_000_001],
    ['a text, as its types have it', '3', 30_000_001],
    ['absent', undefined, 1],
  ])('names a line by the subsequence number of its record, which may be %s', (_, subsequence, expected) => {
    const { kinesisRecordMetadata, ...record } = firehoseRecord(`${clickJson()}\n${clickJson()}`);
    const { subsequenceNumber: _replaced, ...metadata } = kinesisRecordMetadata!;
    // Absent is left out, as JSON would; a number is what the type of the event rules out.
    const withPlace = JSON.parse(
      JSON.stringify({ ...record, kinesisRecordMetadata: { ...metadata, subsequenceNumber: subsequence } }),
    );
    const { answers } = transform([withPlace]);
    const [, second] = Buffer.from(answers[0]!.data!, 'base64').toString().split('\n');
    expect(JSON.parse(second!)).toMatchObject({ sequenceNumber: '1000', subSequenceNumber: expected });
  });

  it('unpacks an aggregate that nobody has unpacked, in one answer with a place for each line', () => {
    const aggregate = kplAggregate([clickJson({ page: '/a' }), `oops\n${clickJson({ page: '/b' })}`, '']);
    const { answers, lines, valid } = transformed(aggregate, clickJson());
    expect(answers.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['record-0', 'Ok'],
      ['record-1', 'Ok'],
    ]);
    expect(valid).toBe(3);
    expect(lines(0).map((line) => [line.subSequenceNumber, line.page ?? line.rejected])).toEqual([
      [0, '/a'],
      [1, 'not_json'],
      [2, '/b'],
      [3, 'empty'],
    ]);
  });

  it.each([
    ['', ['empty']],
    ['oops', ['not_json']],
    ['oops\n[]\n{"a":1}', ['not_json', 'not_object', 'missing_field:eventId']],
  ])('keeps the lines of %j, which has no good one, with their place', (data, reasons) => {
    const { lines, answers, invalidByReason, recordsWithoutRoom } = transformed(clickJson(), data);
    expect(answers[1]).toMatchObject({ recordId: 'record-1', result: 'Ok' });
    expect(lines(1).map((line) => [line.sequenceNumber, line.subSequenceNumber, line.rejected])).toEqual(
      reasons.map((reason, index) => ['1001', index, reason]),
    );
    expect([...invalidByReason.keys()]).toEqual(reasons);
    expect(recordsWithoutRoom).toBe(0);
  });

  it('answers every record exactly once and in order, whatever the bytes are', () => {
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constant(0).map(() => Buffer.from(clickJson())),
    );
    fc.assert(
      fc.property(fc.array(data, { maxLength: 20 }), (records) => {
        const { answers } = transform(records.map(firehoseRecord));
        expect(answers.map(({ recordId }) => recordId)).toEqual(records.map((_, index) => `record-${index}`));
      }),
    );
  });

  it('keeps its answer below 6 MB when tiny lines grow far beyond the input, and fails the records that do not fit', () => {
    const growing = `${clickJson()}\n${'x\n'.repeat(2_000)}`;
    const { answers, recordsWithoutRoom } = transformed(...Array.from({ length: 200 }, () => growing));
    expect(JSON.stringify({ records: answers }).length).toBeLessThan(6 * 1024 * 1024);
    expect(recordsWithoutRoom).toBeGreaterThan(0);
    expect(answers.filter(({ result }) => result === 'Ok').length).toBe(200 - recordsWithoutRoom);
  });

  it('gives events the room that garbage before them would take', () => {
    const garbage = 30_000;
    const { answers, lines, recordsWithoutRoom } = transformed(
      ...Array.from({ length: garbage }, () => 'x'),
      clickJson({ page: '/behind' }),
    );
    expect(lines(garbage)).toEqual([expect.objectContaining({ page: '/behind' })]);
    expect(lines(0)).toEqual([expect.objectContaining({ rejected: 'not_json' })]);
    expect(recordsWithoutRoom).toBeGreaterThan(0);
    expect(answers.map(({ result }) => result).filter((result) => result !== 'Ok')).toHaveLength(
      recordsWithoutRoom,
    );
    expect(JSON.stringify({ records: answers }).length).toBeLessThan(6 * 1024 * 1024);
  });

  it('archives an event whose line grows by more than its own length', () => {
    const host = 'h'.repeat(253);
    const growing = clickJson({ referrer: `http://${host}` });
    const result = transformed(growing, clickJson({ page: '/behind' }));
    expect(JSON.stringify(result.lines(0)[0]).length).toBeGreaterThan(2 * growing.length);
    expect(result.lines(0)).toEqual([expect.objectContaining({ referrerHost: host })]);
    expect(result.lines(1)).toEqual([expect.objectContaining({ page: '/behind' })]);
  });

  it('fits a full batch of ordinary clicks', () => {
    const clicks = Array.from({ length: 2_400 }, () =>
      clickJson({ userAgent: 'x'.repeat(200), title: 'y'.repeat(100) }),
    );
    const { answers } = transformed(...clicks);
    expect(clicks.join('').length).toBeGreaterThan(1_000_000);
    expect(answers.every(({ result }) => result === 'Ok')).toBe(true);
    expect(JSON.stringify({ records: answers }).length).toBeLessThan(maxAnswerBytes);
  });
});
