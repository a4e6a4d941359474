import fc from 'fast-check';
import { maxBodyBytes, readBatch } from '../../../lambda/collector/batch';
import { partsOf } from '../../../lambda/collector/json-parts';

const read = (text: string | Buffer) => readBatch(Buffer.from(text));
const textsOf = (text: string) => {
  const result = read(text);
  return result.ok ? result.batch.events.map(String) : result.refusal;
};

describe('The body of a request', () => {
  it('has its events as they were sent', () => {
    expect(
      textsOf(
        ' { "x" : [1, {"events":2}], "events" : [ {"a": 9007199254740993 } , "]", null,\n[{"b":"\\"}"}] ] } ',
      ),
    ).toEqual(['{"a": 9007199254740993 }', '"]"', 'null', '[{"b":"\\"}"}]']);
  });

  it('has the last of two lists, as JSON.parse has it, and a list whose name is escaped', () => {
    expect(textsOf('{"events":[1],"events":[2]}')).toEqual(['2']);
    expect(textsOf('{"\\u0065vents":[3]}')).toEqual(['3']);
  });

  it('says when it was sent, and what its sender has lost', () => {
    expect(read('{"sentAt":"2026-03-01T10:00:00+01:00","lost":4,"events":[{}]}')).toMatchObject({
      batch: { sentAt: Date.parse('2026-03-01T09:00:00Z'), lost: 4 },
    });
    expect(read('{"lost":-1,"events":[{}]}')).toMatchObject({ batch: { sentAt: undefined, lost: 0 } });
  });

  it.each([
    ['no JSON', '{"events":[{}]', 400],
    ['no UTF-8', Buffer.from('{"events":["\xff"]}', 'latin1'), 400],
    ['no object', '[{}]', 400],
    ['null', 'null', 400],
    ['no list', '{"events":{"0":{}}}', 400],
    ['no events', '{"events":[]}', 400],
    ['no instant', '{"sentAt":"today","events":[{}]}', 400],
    ['a number for an instant', '{"sentAt":1772359200250,"events":[{}]}', 400],
    ['51 events', JSON.stringify({ events: Array(51).fill({}) }), 413],
    ['65,537 bytes', '{"events":[{}]}'.padEnd(maxBodyBytes + 1), 413],
  ])('is refused for %s', (_, body, status) => {
    expect(read(body)).toMatchObject({ ok: false, refusal: { status } });
  });

  it('is taken with 50 events, and with 65,536 bytes', () => {
    expect(read(JSON.stringify({ events: Array(50).fill({}) })).ok).toBe(true);
    expect(read('{"events":[{}]}'.padEnd(maxBodyBytes)).ok).toBe(true);
  });

  it('may nest as deep as its bytes allow, at no cost', () => {
    const depth = 32_000;
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(textsOf(`{"events":[${deep},{}]}`)).toEqual([deep, '{}']);
  });

  it('is cut as JSON.parse reads it', () => {
    const space = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), space, (values, indent) => {
        const json = Buffer.from(JSON.stringify(values, undefined, indent));
        const parts = partsOf(json, 0).map(({ start, end }) => json.toString('utf8', start, end));
        expect(parts.map((part) => JSON.parse(part))).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });
});
