import { createGivenUpCounter, type ListedObject } from '../../../local/status/given-up';
import { clickJson } from '../../support/click-factory';

/** An on-failure object with these records. */
const given = (...records: string[]): Buffer => {
  const Records = records.map((data, index) => ({
    kinesis: {
      data: Buffer.from(data).toString('base64'),
      sequenceNumber: String(1_000 + index),
      approximateArrivalTimestamp: 1_772_359_200.5,
    },
  }));
  return Buffer.from(JSON.stringify({ version: '1.0', payload: JSON.stringify({ Records }) }));
};

function bucket(objects: Map<string, Buffer>) {
  const reads: string[] = [];
  const list = async function* (): AsyncGenerator<ListedObject> {
    for (const [key, bytes] of objects) {
      yield {
        key,
        body: async () => {
          reads.push(key);
          return bytes;
        },
      };
    }
  };
  return { list, reads };
}

const packed = [clickJson(), clickJson(), 'no event'].join('\n');

describe('events that were given up', () => {
  it('are counted by their lines, of every object that waits', async () => {
    const { list } = bucket(
      new Map([
        ['a', given(packed, clickJson())],
        ['b', given(clickJson())],
      ]),
    );
    expect(await createGivenUpCounter(list)()).toBe(5);
  });

  it('are read once, and are none any more when their object has gone', async () => {
    const objects = new Map([
      ['a', given(packed)],
      ['b', given(clickJson())],
    ]);
    const { list, reads } = bucket(objects);
    const count = createGivenUpCounter(list);
    expect(await count()).toBe(4);
    objects.delete('a');
    expect(await count()).toBe(1);
    expect(reads).toEqual(['a', 'b']);
  });

  it.each(['', 'no JSON', '[]', '{"payload":7}', '{"payload":"{}"}', '{"payload":"{\\"Records\\":[7,{}]}"}'])(
    'are none in an object of somebody else: %s',
    async (text) => {
      const { list } = bucket(new Map([['stranger', Buffer.from(text)]]));
      expect(await createGivenUpCounter(list)()).toBe(0);
    },
  );
});
