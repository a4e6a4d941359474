import type { FirehoseTransformationEventRecord } from 'aws-lambda';
import { readEventForm } from '../../../lambda/forwarder/environment';
import { forward } from '../../../lambda/forwarder/forward';
import { maxAnswerBytes } from '../../../lambda/transformer/answer-room';
import { transform } from '../../../lambda/transformer/transform';
import { clickJson } from '../../support/click-factory';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');

function recordOf(data: string, index = 0): FirehoseTransformationEventRecord {
  return {
    recordId: `record-${index}`,
    approximateArrivalTimestamp: arrivedAt,
    data: Buffer.from(data).toString('base64'),
    kinesisRecordMetadata: {
      sequenceNumber: String(1000 + index),
      subsequenceNumber: '0',
      partitionKey: 'visitor-1',
      shardId: 'shardId-000000000004',
      approximateArrivalTimestamp: arrivedAt,
    },
  };
}

const textOf = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();
const one = clickJson({ page: '/one' });
const two = clickJson({ page: '/two' });

describe('The forwarder', () => {
  it('gives lines as the archive has them, without what is no event, and each with its place', () => {
    const records = [recordOf(one), recordOf([one, 'oops', two].join('\n'), 1)];
    const forwarding = forward(records, 'lines');
    const archived = transform(records).answers.map(({ data }) => textOf(data));
    expect(forwarding.answers.map(({ result, recordId }) => [recordId, result])).toEqual([
      ['record-0', 'Ok'],
      ['record-1', 'Ok'],
    ]);
    expect(textOf(forwarding.answers[0]!.data)).toBe(archived[0]);
    const lines = textOf(forwarding.answers[1]!.data).trimEnd().split('\n');
    expect(lines).toEqual(
      archived[1]!
        .trimEnd()
        .split('\n')
        .filter((line) => !line.includes('rejected')),
    );
    expect(lines.map((line) => JSON.parse(line).subSequenceNumber)).toEqual([0, 2]);
    expect(forwarding).toMatchObject({ forwarded: 3, linesLeftOut: 1, recordsWithSeveralEvents: 0 });
  });

  it('drops a record without an event: the archive has it', () => {
    const { answers, linesLeftOut } = forward([recordOf('oops\noops'), recordOf('', 1)], 'document');
    expect(answers).toEqual([
      { recordId: 'record-0', result: 'Dropped' },
      { recordId: 'record-1', result: 'Dropped' },
    ]);
    expect(linesLeftOut).toBeGreaterThanOrEqual(2);
  });

  it('gives a document without its line feed, and fails a record of several events', () => {
    const forwarding = forward([recordOf(`oops\n${one}`), recordOf(`${one}\n${two}`, 1)], 'document');
    const [document, packed] = forwarding.answers;
    expect(textOf(document!.data)).toMatch(/^\{.*"subSequenceNumber":1.*\}$/);
    expect(packed).toEqual({ recordId: 'record-1', result: 'ProcessingFailed' });
    expect(forwarding).toMatchObject({ forwarded: 1, recordsWithSeveralEvents: 1, recordsWithoutRoom: 0 });
  });

  it('fails records that the answer has no room for, and stays below what Lambda takes', () => {
    const large = clickJson({ title: 'x'.repeat(250_000) });
    const records = Array.from({ length: 25 }, (_, index) => recordOf(large, index));
    const { answers, recordsWithoutRoom, forwarded } = forward(records, 'lines');
    expect(recordsWithoutRoom).toBeGreaterThan(0);
    expect(forwarded + recordsWithoutRoom).toBe(25);
    expect(Buffer.byteLength(JSON.stringify({ records: answers }))).toBeLessThanOrEqual(maxAnswerBytes);
  });

  it('starts with no form, and with no other than its own', () => {
    expect(() => readEventForm({})).toThrow('environment variable EVENT_FORM is not set');
    expect(() => readEventForm({ EVENT_FORM: 'xml' })).toThrow(
      'environment variable EVENT_FORM is "xml": must be one of lines, document',
    );
  });
});
