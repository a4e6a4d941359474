import { createRateLimit } from '../../../lambda/collector/rate-limit';

describe('The rate limit', () => {
  it('lets a visitor send again with the next minute', () => {
    let now = 1_000_000;
    const limit = createRateLimit(10, () => now);
    const take = (visitor: string, events: number) => limit.take({ visitor, address: 'home' }, events);
    expect([take('a', 6), take('a', 6), take('b', 6), take('a', 4)]).toEqual([
      undefined,
      { seconds: 60, allowed: '10 a minute of one visitor' },
      undefined,
      undefined,
    ]);
    now += 45_000;
    expect(take('a', 1)?.seconds).toBe(15);
    now += 15_000;
    expect(take('a', 10)).toBeUndefined();
  });

  it('lets an address send as much as twenty visitors, however many it says it has', () => {
    const limit = createRateLimit(10, () => 0);
    let visitors = 0;
    const take = (address: string, events: number) =>
      limit.take({ visitor: `visitor ${++visitors}`, address }, events);
    for (let n = 0; n < 40; n++) expect(take('office', 5)).toBeUndefined();
    expect(take('office', 1)).toEqual({ seconds: 60, allowed: '200 a minute of one address' });
    expect(take('home', 1)).toBeUndefined();
  });

  it('counts nothing against an address of what a visitor may not send', () => {
    const limit = createRateLimit(10, () => 0);
    for (let n = 0; n < 30; n++) limit.take({ visitor: 'eager', address: 'office' }, 10);
    const others = Array.from({ length: 19 }, (_, n) =>
      limit.take({ visitor: `${n}`, address: 'office' }, 10),
    );
    expect(others).toEqual(Array(19).fill(undefined));
  });

  it('forgets visitors rather than growing without end, and addresses only with as many of those', () => {
    const limit = createRateLimit(2, () => 0);
    expect(limit.take({ visitor: 'a', address: 'x' }, 2)).toBeUndefined();
    expect(limit.take({ visitor: 'a', address: 'x' }, 2)?.seconds).toBe(60);
    const crowd = (of: string, address: (n: number) => string) => {
      for (let n = 0; n < 50_000; n++) limit.take({ visitor: `${of} ${n}`, address: address(n) }, 1);
    };
    limit.take({ visitor: 'b', address: 'y' }, 2);
    // From 2,000 addresses, which are remembered.
    crowd('one', (n) => `network ${n % 2_000}`);
    expect(limit.take({ visitor: 'a', address: 'x' }, 2)).toBeUndefined();
    // It has sent 25 of 40.
    const more = Array.from({ length: 8 }, (_, n) =>
      limit.take({ visitor: `more ${n}`, address: 'network 7' }, 2),
    );
    expect(more.map((wait) => wait?.allowed)).toEqual([
      ...Array(7).fill(undefined),
      '40 a minute of one address',
    ]);
    crowd('other', (n) => `${n}`);
    expect(limit.take({ visitor: 'new', address: 'network 7' }, 2)).toBeUndefined();
  });

  it('is off at 0', () => {
    const take = createRateLimit(0, () => 0).take({ visitor: 'a', address: 'x' }, 1_000_000);
    expect(take).toBeUndefined();
  });
});
