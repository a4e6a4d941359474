import fc from 'fast-check';
import { readAnswer } from '../../../local/firehose/processor-answer';

const IDS = ['r1', 'r2', 'r3'];
const okFor = (recordId: string, data: unknown = 'T0s=') => ({ recordId, result: 'Ok', data });

const codes = (answer: unknown, mode: 'fails-batch' | 'fails-record' = 'fails-batch') => {
  const verdictFor = readAnswer(answer, IDS, mode);
  return IDS.map((id) => {
    const verdict = verdictFor(id);
    return verdict.kind === 'failed' ? verdict.error.code : verdict.kind;
  });
};
const allButSecond = (second: object) => ({ records: [okFor('r1'), second, okFor('r3')] });

describe("the transformer's answer", () => {
  it('may come in any order, with ids that nobody asked for', () => {
    expect(codes({ records: [okFor('r3'), okFor('stranger'), okFor('r1'), okFor('r2')] })).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });

  it.each([
    ['Dropped', { recordId: 'r2', result: 'Dropped' }, 'dropped'],
    [
      'ProcessingFailed without data',
      { recordId: 'r2', result: 'ProcessingFailed' },
      'Lambda.ProcessingFailedStatus',
    ],
    ['Ok with null data', { recordId: 'r2', result: 'Ok', data: null }, 'Lambda.InvalidReturnFormat'],
    ['Ok without data', { recordId: 'r2', result: 'Ok' }, 'Lambda.InvalidReturnFormat'],
    ['a missing id', { recordId: 'other', result: 'Ok', data: '' }, 'Lambda.MissingRecordId'],
    ['an id given twice', okFor('r1'), 'Lambda.MissingRecordId'],
  ])('decides %s for that record alone', (name, second, expected) => {
    const first = name === 'an id given twice' ? 'Lambda.DuplicatedRecordId' : 'ok';
    expect(codes(allButSecond(second))).toEqual([first, expected, 'ok']);
  });

  it.each([[null], ['text'], [[]], [{}], [{ records: null }], [{ records: 'no' }], [undefined]])(
    'misses every id when it is %j',
    (answer) => {
      expect(codes(answer)).toEqual(Array(3).fill('Lambda.MissingRecordId'));
    },
  );

  it.each([
    ['an unknown result', { recordId: 'r2', result: 'OK', data: '' }],
    ['data outside the alphabet', okFor('r2', 'a-b_')],
    ['data of an impossible length', okFor('r2', 'abcde')],
    ['data with wrong padding', okFor('r2', 'abc==')],
    ['data that is no string', okFor('r2', 5)],
  ])('fails the batch, or by choice the record, for %s', (_, second) => {
    expect(codes(allButSecond(second))).toEqual(Array(3).fill('Lambda.FunctionError'));
    expect(codes(allButSecond(second), 'fails-record')).toEqual(['ok', 'Lambda.InvalidReturnFormat', 'ok']);
  });

  it('uses the words of AWS', () => {
    const messageOf = (answer: unknown) => {
      const verdict = readAnswer(answer, ['r1'], 'fails-batch')('r1');
      return verdict.kind === 'failed' ? verdict.error.message : verdict.kind;
    };
    expect(messageOf({ records: [] })).toBe(
      'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
    );
    expect(messageOf({ records: [okFor('r1'), okFor('r1')] })).toBe(
      'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
    );
    expect(messageOf({ records: [{ recordId: 'r1', result: 'ProcessingFailed' }] })).toBe(
      'ProcessingFailed status set for record',
    );
  });

  it('gives back the bytes of any data', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const data = Buffer.from(bytes).toString('base64');
        const verdict = readAnswer({ records: [okFor('r1', data)] }, ['r1'], 'fails-batch')('r1');
        expect(verdict).toEqual({ kind: 'ok', data: Buffer.from(bytes) });
      }),
    );
  });
});
