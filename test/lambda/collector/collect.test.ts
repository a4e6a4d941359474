import { type Collected, type CollectPorts, collect } from '../../../lambda/collector/collect';
import type { CollectorSettings } from '../../../lambda/collector/environment';
import { createRateLimit } from '../../../lambda/collector/rate-limit';
import { reportRequest } from '../../../lambda/collector/report';
import { readRequest } from '../../../lambda/collector/request';
import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import type { PutOutcome } from '../../../producer/client/put-all';
import { type RequestOverrides, urlEvent } from './request-factory';

const now = Date.parse('2026-03-01T10:00:00Z');
const settings: CollectorSettings = {
  streamName: 'clicks',
  saltTableName: 'salts',
  origins: new Set(['https://shop.example']),
  visitorIds: 'hashed',
  privacyControl: 'respected',
  eventsPerMinute: 60,
  cloudFront: 'off',
  cloudFrontProof: undefined,
};

let ids = 0;
const event = (overrides: object = {}) => ({
  eventId: `e${++ids}`,
  type: 'page_view',
  timestamp: '2026-03-01T09:59:30.000Z',
  page: '/',
  ...overrides,
});

interface Sent extends Collected {
  readonly records: { readonly key: string; readonly events: Record<string, unknown>[] }[];
}

function createSender(overrides: Partial<CollectorSettings> = {}, ports: Partial<CollectPorts> = {}) {
  const given = { ...settings, ...overrides };
  const rateLimit = createRateLimit(given.eventsPerMinute, () => now);
  return async (
    events: readonly unknown[],
    request: RequestOverrides & { sentAt?: string; lost?: number } = {},
  ): Promise<Sent> => {
    const put: OutgoingEvent[] = [];
    const { sentAt, lost, ...others } = request;
    const body = JSON.stringify({ sentAt, lost, events });
    const collected = await collect(
      readRequest(urlEvent({ body, ...others }), given.cloudFrontProof),
      given,
      {
        salts: { today: async () => Buffer.from('salt of today') },
        rateLimit,
        put: async (records) => {
          put.push(...records);
          return { kind: 'accepted' };
        },
        now: () => now,
        ...ports,
      },
    );
    const records = put.map(({ data, partitionKey }) => ({
      key: partitionKey,
      events: Buffer.from(data)
        .toString()
        .split('\n')
        .map((line) => JSON.parse(line)),
    }));
    return { ...collected, records };
  };
}

describe('A request with events', () => {
  it('puts the events of a visitor’s session into one record, and is answered with 204', async () => {
    const send = createSender();
    const { answer, records } = await send([
      event({ sessionId: 's1', page: '/one' }),
      event({ sessionId: 's2', page: '/two' }),
      event({ sessionId: 's1', page: '/three' }),
    ]);
    expect(answer).toEqual({ status: 204, headers: {} });
    expect(records.map(({ key, events }) => [key, events.map(({ page }) => page)])).toEqual([
      ['s1', ['/one', '/three']],
      ['s2', ['/two']],
    ]);
    expect(records[0]!.events[0]).toMatchObject({ userAgent: 'Mozilla/5.0 Firefox/140.0' });
  });

  it('names what was rejected and why, and takes the rest', async () => {
    const send = createSender();
    const { answer, records } = await send([
      event({ timestamp: 'yesterday' }),
      event({ page: '/kept' }),
      'text',
      event({ visitorId: 'me' }),
      event({ deviceClass: 'tv' }),
      event({ timestamp: '2026-02-22T09:59:59Z' }),
    ]);
    expect(answer.status).toBe(200);
    expect(JSON.parse(String(answer.body))).toEqual({
      accepted: 1,
      rejected: [
        { index: 0, reason: 'bad_timestamp' },
        { index: 2, reason: 'not_object' },
        { index: 3, reason: 'visitor_id_not_allowed' },
        { index: 4, reason: 'reserved_field' },
        { index: 5, reason: 'too_old' },
      ],
    });
    expect(records.flatMap(({ events }) => events.map(({ page }) => page))).toEqual(['/kept']);
  });

  it('is taken in base64, as Lambda hands over what it does not know to be text', async () => {
    const body = Buffer.from(JSON.stringify({ events: [event()] })).toString('base64');
    expect((await createSender()([], { body, isBase64Encoded: true })).accepted).toBe(1);
  });

  it.each([
    ['text/plain', 204],
    ['application/json', 204],
    ['Application/JSON; charset=utf-8', 204],
    ['application/x-www-form-urlencoded', 415],
    ['', 415],
  ])('with the content type "%s" is answered with %i', async (type, status) => {
    const { answer } = await createSender()([event()], { headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['gzip', 415],
    ['br', 415],
    ['identity', 204],
    ['Identity', 204],
  ])('with the content encoding "%s" is answered with %i', async (encoding, status) => {
    const { answer } = await createSender()([event()], { headers: { 'content-encoding': encoding } });
    expect(answer.status).toBe(status);
  });

  it.each<[string, PutOutcome, number]>([
    ['Kinesis takes nothing', { kind: 'failed', because: 'Throttled', mayHaveArrived: false }, 503],
    ['nobody knows what it took', { kind: 'failed', because: 'TimeoutError', mayHaveArrived: true }, 504],
  ])('is answered when %s', async (_, outcome, status) => {
    const { answer, because, accepted } = await createSender({}, { put: async () => outcome })([event()]);
    expect(answer).toMatchObject({ status, headers: { 'retry-after': '5' } });
    expect({ because, accepted }).toEqual({
      because: outcome.kind === 'failed' && outcome.because,
      accepted: 0,
    });
  });

  it('is answered with 503 when there is no salt', async () => {
    const salts = { today: () => Promise.reject(new TypeError('no table')) };
    const { answer, because } = await createSender({}, { salts })([event()]);
    expect({ status: answer.status, because }).toEqual({ status: 503, because: 'TypeError' });
  });

  it('beyond the visitor’s events of a minute is answered with 429; another visitor’s is taken', async () => {
    const send = createSender({ eventsPerMinute: 3 });
    const statuses = [
      await send([event(), event()]),
      await send([event(), event()]),
      await send([event(), event()], { address: '203.0.113.8' }),
    ].map(({ answer }) => answer);
    expect(statuses.map(({ status }) => status)).toEqual([204, 429, 204]);
    expect(statuses[1]!.headers['retry-after']).toBe('60');
    expect(String(statuses[1]!.body)).toContain('3 a minute of one visitor');
  });

  it('beyond the events of a minute of its address is answered with 429, under whatever user agents', async () => {
    const send = createSender({ eventsPerMinute: 2 });
    const statusOf = async (address: string, agent: number) => {
      const headers = { 'user-agent': `agent ${agent}` };
      return (await send([event(), event()], { address, headers })).answer.status;
    };
    const statuses: number[] = [];
    // Of one network: an address of IPv6 is a device's to choose.
    for (let n = 0; n < 21; n++) statuses.push(await statusOf(`2001:db8:7:1::${n + 1}`, n));
    expect(statuses).toEqual([...Array(20).fill(204), 429]);
    expect(await statusOf('2001:db8:7:2::1', 0)).toBe(204);
  });
});

describe('A visitor', () => {
  const visitorOf = async (headers: Record<string, string> = {}, address?: string): Promise<unknown> => {
    const { records } = await createSender()([event()], { headers, ...(address && { address }) });
    return records[0]!.events[0]!.visitorId;
  };

  it('is told by site, address and user agent, and by nothing else', async () => {
    const visitor = await visitorOf();
    expect(visitor).toMatch(/^[\w-]{22}$/);
    expect(await visitorOf({ cookie: 'id=1', 'x-forwarded-for': '198.51.100.1' })).toBe(visitor);
    const others = [
      await visitorOf({ origin: 'https://blog.example' }),
      await visitorOf({ 'user-agent': 'Mozilla/5.0 Chrome/150' }),
      await visitorOf({}, '203.0.113.8'),
    ];
    expect(new Set([visitor, ...others]).size).toBe(4);
  });

  it('is told by the address that CloudFront says, if it is the deployment’s own', async () => {
    const cloudFrontProof = 'the secret';
    const visitorBy = async (headers: Record<string, string>, address: string, proof?: string) => {
      const send = createSender({ cloudFront: 'beside', cloudFrontProof: proof });
      return (await send([event()], { headers, address })).records[0]!.events[0]!.visitorId;
    };
    const [edge, viewer] = ['192.0.2.44', '203.0.113.7'];
    const said = { 'cloudfront-viewer-address': `${viewer}:50123`, 'x-collector-proof': cloudFrontProof };
    const visitor = await visitorOf({}, viewer);
    expect(await visitorBy(said, edge, cloudFrontProof)).toBe(visitor);

    const unknown = await visitorOf({}, edge);
    expect(unknown).not.toBe(visitor);
    for (const proof of ['', 'a guess', 'the secret ', 'none', 'undefined']) {
      expect(await visitorBy({ ...said, 'x-collector-proof': proof }, edge, cloudFrontProof)).toBe(unknown);
    }
    // No CloudFront: whatever is said, is said by the sender.
    expect(await visitorBy(said, edge)).toBe(unknown);
    expect(await visitorBy({ ...said, 'x-collector-proof': 'undefined' }, edge)).toBe(unknown);
  });

  it('leaves no address, neither in what is put nor in what is logged', async () => {
    const send = createSender({ eventsPerMinute: 1 });
    const sent = [await send([event()]), await send([event(), 'no event'], {}), await send(['no event'])];
    const printed: unknown[] = [];
    for (const collected of sent) reportRequest(collected, (...line) => printed.push(line));
    expect(printed).toHaveLength(2);
    expect(JSON.stringify([sent.map(({ records }) => records), printed])).not.toContain('203.0.113.7');
  });

  it('who asks for privacy is not counted, unless the site was told to', async () => {
    const headers = { 'sec-gpc': '1' };
    const { answer, records } = await createSender()([event()], { headers });
    expect(records).toEqual([]);
    expect(JSON.parse(String(answer.body))).toEqual({
      accepted: 0,
      rejected: [{ index: 0, reason: 'privacy_control' }],
    });
    expect((await createSender({ privacyControl: 'ignored' })([event()], { headers })).accepted).toBe(1);
  });

  it('may have an id of the browser’s own where ids are given', async () => {
    const { records } = await createSender({ visitorIds: 'given' })([
      event({ visitorId: 'mine', sessionId: 's1' }),
    ]);
    expect(records).toMatchObject([{ key: 'mine', events: [{ visitorId: 'mine' }] }]);
  });
});

describe('A wrong clock', () => {
  it.each([
    ['an hour behind', '2026-03-01T09:00:00.000Z', '2026-03-01T08:59:00.000Z', '2026-03-01T09:59:00.000Z'],
    ['a day ahead', '2026-03-02T10:00:00.000Z', '2026-03-02T09:59:00.000Z', '2026-03-01T09:59:00.000Z'],
  ])('that is %s is mended by when the sender says it sent', async (_, sentAt, timestamp, mended) => {
    const { records } = await createSender()([event({ timestamp })], { sentAt });
    expect(records[0]!.events[0]).toMatchObject({ timestamp: mended, clientTimestamp: timestamp });
  });

  it('is not seen in the seconds that a request takes', async () => {
    const { records } = await createSender()([event()], { sentAt: '2026-03-01T09:59:52.000Z' });
    expect(records[0]!.events[0]).toMatchObject({ timestamp: '2026-03-01T09:59:30.000Z' });
  });
});

describe('The log', () => {
  const linesOf = (collected: Collected) => {
    const lines: unknown[][] = [];
    reportRequest(collected, (...line) => lines.push(line));
    return lines;
  };

  it('has no line of a request that was taken whole, and counts of any other', async () => {
    const send = createSender();
    expect(linesOf(await send([event()]))).toEqual([]);
    expect(linesOf(await send([event(), 'no', 'event'], { lost: 3 }))).toEqual([
      [
        'INFO',
        'request not taken whole',
        { status: 200, accepted: 1, rejectedByReason: { not_object: 2 }, lost: 3 },
        {},
      ],
    ]);
    expect(linesOf(await send([event()], { lost: 2 }))).toMatchObject([
      ['INFO', {}, { status: 204, lost: 2 }, {}],
    ]);
  });
});
