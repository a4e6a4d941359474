import type { BusRuleSpec } from '../../../local/deployment';
import { putEvents } from '../../../local/event-bus/put-events';

const rule = (overrides: Partial<BusRuleSpec> = {}): BusRuleSpec => ({
  name: 'clicks',
  bus: 'default',
  pattern: { source: ['shop'] },
  streamArn: 'arn:stream-4',
  inputPath: ['detail'],
  partitionKeyPath: ['detail', 'visitorId'],
  ...overrides,
});
const entry = (overrides: object = {}) => ({
  Source: 'shop',
  DetailType: 'click',
  Detail: '{"visitorId":"v-3","n":1}',
  ...overrides,
});

async function put(Entries: unknown, rules: readonly BusRuleSpec[] = [rule()], fails = false) {
  const records: string[][] = [];
  const answer = await putEvents({ Entries }, rules, {
    ...{
      region: 'eu-west-1',
      accountId: '111122223333',
      uuid: () => 'event-5',
      now: () => 1_772_597_167_250,
    },
    put: async (...[streamArn, key, data]) => {
      if (fails) throw new Error('full');
      records.push([streamArn, key, data.toString()]);
    },
  });
  return { ...answer, records };
}

describe('PutEvents', () => {
  it('puts the part of an event that a rule names, under the key that it names', async () => {
    const { status, body, records } = await put([entry()]);
    expect([status, body]).toEqual([200, { FailedEntryCount: 0, Entries: [{ EventId: 'event-5' }] }]);
    expect(records).toEqual([['arn:stream-4', 'v-3', '{"visitorId":"v-3","n":1}']]);
  });

  it('makes the event that AWS makes', async () => {
    const { records } = await put([entry()], [rule({ inputPath: [], partitionKeyPath: ['id'] })]);
    expect(records[0]![1]).toBe('event-5');
    expect(JSON.parse(records[0]![2]!)).toEqual({
      ...{ version: '0', id: 'event-5', 'detail-type': 'click', source: 'shop', account: '111122223333' },
      ...{ time: '2026-03-04T04:06:07Z', region: 'eu-west-1', resources: [] },
      detail: { visitorId: 'v-3', n: 1 },
    });
  });

  it('takes what matches no rule, or is on another bus, and puts it nowhere', async () => {
    const others = [entry({ Source: 'blog' }), entry({ EventBusName: 'other' })];
    expect(await put(others)).toMatchObject({ body: { FailedEntryCount: 0 }, records: [] });
    const onOther = entry({ EventBusName: 'arn:aws:events:eu-west-1:111122223333:event-bus/other' });
    expect((await put([onOther], [rule({ bus: 'other' })])).records).toHaveLength(1);
  });

  it.each([
    [{ Detail: '[1]' }, 'MalformedDetail'],
    [{ Source: undefined }, 'InvalidArgument'],
    [{ DetailType: '' }, 'InvalidArgument'],
  ])('refuses an entry with %j, and takes its neighbours', async (wrong, code) => {
    const { body, records } = await put([entry(), entry(wrong), entry()]);
    expect(body).toMatchObject({ FailedEntryCount: 1, Entries: [{}, { ErrorCode: code }, {}] });
    expect(records).toHaveLength(2);
  });

  it('says of an event that cannot be put that it failed', async () => {
    expect((await put([entry()], [rule()], true)).body).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InternalFailure' }],
    });
  });

  it.each([[[]], [undefined], [Array.from({ length: 11 }, () => entry())]])('refuses %j', async (entries) => {
    expect((await put(entries)).status).toBe(400);
  });
});
