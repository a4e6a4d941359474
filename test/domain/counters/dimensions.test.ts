import { dimensionNames } from '../../../domain/counters/dimensions';
import { foldLines } from '../../../domain/counters/fold';
import { reservedDimensionNames } from '../../../domain/counters/table-layout';
import { readRecord } from '../../../domain/event/record';
import { linesOf } from '../../../domain/event/shard-lines';
import { hash64 } from '../../../domain/numbers/hash64';
import { clickJson } from '../../support/click-factory';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');

function folded(text: string, isDuplicate: boolean) {
  const records = [{ sequenceNumber: '7', data: Buffer.from(text), arrivedAt }];
  return [...foldLines(linesOf(records), { minutesForDays: 7, isDuplicate: () => isDuplicate })][0]!;
}

/** Every value that a record counts under, by dimension. */
function counted(text: string, isDuplicate: boolean): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, { windows }] of folded(text, isDuplicate).content.dimensions) {
    for (const { values } of windows.get('minute')!.values()) {
      for (const [value, count] of values) counts[`${name} ${value}`] = count;
    }
  }
  return counts;
}

const full = clickJson({
  timestamp: '2026-03-01T07:00:00Z',
  page: '/p',
  element: 'buy',
  referrer: 'https://a.example/x',
});

describe('A duplicate', () => {
  it('counts under its own dimension and no other, in the window of the event', () => {
    expect(Object.keys(counted(full, false)).length).toBeGreaterThan(6);
    expect(counted(full, true)).toEqual({ 'duplicate duplicate': 1 });
    const [delta] = folded(full, true).content.dimensions.values();
    expect([...delta!.windows]).toMatchObject([
      ['minute', new Map([[Date.parse('2026-03-01T07:00:00Z'), { other: 0, cut: 0 }]])],
    ]);
  });

  it('is a valid event, and not a late one', () => {
    expect(folded(full, true).counts).toMatchObject({ valid: 1, duplicates: 1, late: 0 });
    expect(folded(full, false).counts).toMatchObject({ valid: 1, duplicates: 0, late: 1 });
  });
});

describe('The filter for duplicates', () => {
  it('is asked about every valid event once, in the order of the shard, by its id and its arrival', () => {
    const asked: unknown[] = [];
    const data = Buffer.from(
      [clickJson({ eventId: 'a' }), 'bad', clickJson({ eventId: 'b' }), clickJson({ eventId: 'a' })].join(
        '\n',
      ),
    );
    const records = ['8', '9'].map((sequenceNumber, n) => ({
      sequenceNumber,
      data,
      arrivedAt: arrivedAt + n,
    }));
    const [delta] = foldLines(linesOf(records), {
      minutesForDays: 7,
      isDuplicate: (event) => asked.push(event) === 3,
    });
    expect(asked).toEqual(
      [0, 1].flatMap((n) =>
        ['a', 'b', 'a'].map((eventId) => ({ hash: hash64(eventId), arrivedAt: arrivedAt + n })),
      ),
    );
    expect(delta!.counts.duplicates).toBe(1);
    expect(delta!.events).toEqual(asked);
  });
});

describe('An event with an HTTP status', () => {
  const statuses = (member: string) =>
    Object.keys(counted(clickJson({ page: '/p' }).replace('{', `{${member},`), false)).filter((key) =>
      key.startsWith('status'),
    );

  it.each([
    ['"status":204', ['status 2xx']],
    ['"status": "304"', ['status 3xx']],
    ['"status":404', ['status 4xx']],
    ['"status":599', ['status 5xx']],
    ['"status":0', []],
    ['"status":2000', []],
    ['"status":"done"', []],
    ['"status":{"code":200}', []],
    ['"status":null', []],
    ['"o":{"status":200}', []],
  ])('%s counts under its class, and any other thing under none', (member, expected) => {
    expect(statuses(member)).toEqual(expected);
  });

  it('counts so by its known fields alone, too', () => {
    const [click] = readRecord(Buffer.from(clickJson({}).replace('{', '{"status":503,')), arrivedAt);
    const [known] = readRecord(click!.ok ? click!.knownFields : Buffer.alloc(0), arrivedAt);
    expect(known!.ok && [known!.event.page, known!.statusClass]).toEqual([expect.any(String), '5xx']);
  });
});

it('A line that is no event counts by its reason alone', () => {
  expect(counted('bad', false)).toEqual({ 'invalid not_json': 1 });
});

it('A dimension has a name that keys and attributes can be made of', () => {
  for (const name of dimensionNames) {
    expect(reservedDimensionNames).not.toContain(name);
    expect(name).toMatch(/^[a-z]+$/);
  }
});
