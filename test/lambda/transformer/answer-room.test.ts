import { AnswerRoom, maxAnswerBytes } from '../../../lambda/transformer/answer-room';

const answersOf = (ids: readonly string[], data?: string) =>
  ids.map((recordId) => ({ recordId, result: 'ProcessingFailed', data }));

describe('The room of an answer', () => {
  it.each([['record-1'], ['größer 漢字']])(
    'is what answers without data leave, for identifiers as %s',
    (id) => {
      const records = [1, 2, 3].map((index) => ({
        recordId: `${id}${index}`,
        approximateArrivalTimestamp: 0,
        data: '',
      }));
      const withoutData = JSON.stringify(answersOf(records.map(({ recordId }) => recordId)));
      // The brackets are not counted; the first answer is taken to have a comma, too.
      const left = maxAnswerBytes - (Buffer.byteLength(withoutData) - '[]'.length + ','.length);
      const room = new AnswerRoom(records);
      expect(room.has(left + 1)).toBe(false);
      expect(room.take(left - 10)).toBe(true);
      expect(room.take(11)).toBe(false);
      expect(room.take(10)).toBe(true);
      expect(room.has(1)).toBe(false);
    },
  );
});
