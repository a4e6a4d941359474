import { fold } from '../../domain/fold';
import { readRecord } from '../../domain/record';
import { clickJson } from '../support/click-factory';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');

/** Every value that a record counts under, by dimension. */
function counted(text: string, isDuplicate: boolean): Record<string, number> {
  const records = [{ sequenceNumber: '7', data: Buffer.from(text), arrivedAt }];
  const counts: Record<string, number> = {};
  for (const { key, entries } of fold('clicks/shard', records, () => isDuplicate).runs) {
    if (!key.sk.startsWith('hour#')) continue;
    for (const { value, count } of entries) counts[`${key.pk.split('#')[0]} ${value}`] = count;
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
  it('counts under its own dimension and no other, in the windows of the event', () => {
    expect(Object.keys(counted(full, false)).length).toBeGreaterThan(6);
    expect(counted(full, true)).toEqual({ 'duplicate duplicate': 1 });
    const records = [{ sequenceNumber: '7', data: Buffer.from(full), arrivedAt }];
    const windows = fold('clicks/shard', records, () => true).runs.map(({ key }) => key.sk);
    expect(windows).toEqual([
      'minute#2026-03-01T07:00:00Z#clicks/shard',
      'hour#2026-03-01T07:00:00Z#clicks/shard',
    ]);
  });

  it('is a valid event, and not a late one', () => {
    const records = [{ sequenceNumber: '7', data: Buffer.from(full), arrivedAt }];
    expect(fold('clicks/shard', records, () => true)).toMatchObject({ valid: 1, duplicates: 1, late: 0 });
    expect(fold('clicks/shard', records)).toMatchObject({ valid: 1, duplicates: 0, late: 1 });
  });
});

describe('The filter for duplicates', () => {
  it('is asked about every valid event once, in the order of the shard, with its place', () => {
    const asked: unknown[] = [];
    const data = Buffer.from(
      [clickJson({ eventId: 'a' }), 'bad', clickJson({ eventId: 'b' }), clickJson({ eventId: 'a' })].join(
        '\n',
      ),
    );
    const records = ['8', '9'].map((sequenceNumber) => ({ sequenceNumber, data, arrivedAt }));
    const { duplicates } = fold('clicks/shard', records, ({ eventId, position, arrivedAt }) => {
      asked.push({ eventId, position, arrivedAt });
      return position === '001:9:0000002';
    });
    expect(asked).toEqual(
      ['8', '9'].flatMap((sequenceNumber) => [
        { eventId: 'a', position: `001:${sequenceNumber}:0000000`, arrivedAt },
        { eventId: 'b', position: `001:${sequenceNumber}:0000002`, arrivedAt },
        { eventId: 'a', position: `001:${sequenceNumber}:0000003`, arrivedAt },
      ]),
    );
    expect(duplicates).toBe(1);
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

  it('counts so without its bytes, too', () => {
    const [click] = readRecord(Buffer.from(clickJson({}).replace('{', '{"status":503,')), arrivedAt);
    expect(click!.ok && [click!.event.page, click!.statusClass, click!.withoutBytes().statusClass]).toEqual([
      expect.any(String),
      '5xx',
      '5xx',
    ]);
  });
});

it('a line that is no event counts by its reason alone', () => {
  expect(counted('bad', false)).toEqual({ 'invalid not_json': 1 });
});
