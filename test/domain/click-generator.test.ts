import type { ClickEvent } from '../../domain/click-event';
import { createClickGenerator } from '../../domain/click-generator';
import { seededRandom } from '../../domain/random';
import { readRecord } from '../../domain/record';

const start = Date.parse('2026-05-04T10:00:00.000Z');

function clicks(seed: string, count: number, stepMs = 1000): ClickEvent[] {
  const generator = createClickGenerator(seededRandom(seed));
  return Array.from({ length: count }, (_, index) => generator.next(start + index * stepMs));
}

function countBy(events: readonly ClickEvent[], key: (event: ClickEvent) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(key(event), (counts.get(key(event)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

describe('the click generator', () => {
  const many = clicks('a site', 20_000);

  it('gives the same events for the same seed, and others for another', () => {
    expect(clicks('seed 1', 500)).toEqual(clicks('seed 1', 500));
    expect(clicks('seed 1', 500)).not.toEqual(clicks('seed 2', 500));
  });

  it('takes nothing but the timestamp from the time', () => {
    const withoutTime = (events: ClickEvent[]) => events.map(({ timestamp: _, ...rest }) => rest);

    expect(withoutTime(clicks('seed 3', 500, 10))).toEqual(withoutTime(clicks('seed 3', 500, 70_000)));
    expect(clicks('seed 3', 3, 70_000)[2]?.timestamp).toBe('2026-05-04T10:02:20.000Z');
  });

  it('makes valid events only', () => {
    const readings = many.map((event) => readRecord(Buffer.from(JSON.stringify(event)), start + 20_000_000));

    expect(readings.flat().filter(({ ok }) => !ok)).toEqual([]);
  });

  it('never gives an id twice, not even under another seed', () => {
    const ids = [...many, ...clicks('another site', 20_000)].map(({ eventId }) => eventId);

    expect(new Set(ids).size).toBe(40_000);
  });

  it('sees the first page about twice as often as the second, as zipf would', () => {
    const [first, second] = countBy(
      many.filter(({ type }) => type === 'page_view'),
      ({ page }) => page,
    );

    expect(first![0]).toBe('/');
    expect(first![1] / second![1]).toBeGreaterThan(1.6);
    expect(first![1] / second![1]).toBeLessThan(2.4);
  });

  it('has several visitors under way at once', () => {
    for (let i = 0; i < many.length; i += 1000) {
      expect(new Set(many.slice(i, i + 50).map(({ sessionId }) => sessionId)).size).toBeGreaterThan(10);
    }
  });

  it('walks: a session begins with a page, and later pages name the one before as referrer', () => {
    const at = new Map<string, string>();
    for (const event of many.filter(({ userAgent }) => !/bot/i.test(userAgent!))) {
      const before = at.get(event.sessionId!);
      if (event.type === 'click') expect(event.page).toBe(before);
      else if (before === undefined) expect(event.referrer ?? '').not.toContain('meadow-and-pine');
      else expect(event.referrer).toBe(`https://www.meadow-and-pine.example${before}`);
      at.set(event.sessionId!, event.page);
    }
  });

  it('has clicks on elements, and on nothing else', () => {
    const clicked = many.filter(({ type }) => type === 'click');

    expect(clicked.length / many.length).toBeGreaterThan(0.2);
    expect(clicked.length / many.length).toBeLessThan(0.5);
    expect(many.every(({ type, element }) => (type === 'click') === (element !== undefined))).toBe(true);
  });

  it('has a few bots, which do not click', () => {
    const bots = many.filter(({ userAgent }) => /bot/i.test(userAgent!));

    expect(bots.length / many.length).toBeGreaterThan(0.01);
    expect(bots.length / many.length).toBeLessThan(0.1);
    expect(bots.every(({ type }) => type === 'page_view')).toBe(true);
  });

  it('lets some visitors come back in another session', () => {
    const sessions = new Set(many.map(({ sessionId }) => sessionId)).size;
    const visitors = new Set(many.map(({ visitorId }) => visitorId)).size;

    expect(sessions).toBeGreaterThan(visitors);
  });
});

describe('the seeded random numbers', () => {
  it('spread evenly', () => {
    const random = seededRandom('even');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]! += 1;

    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('differ for seeds that differ in one character', () => {
    const firsts = Array.from({ length: 5000 }, (_, index) => seededRandom(`seed ${index}`).hex(32));

    expect(new Set(firsts).size).toBe(5000);
  });

  it('make hex texts of the length asked for', () => {
    expect(seededRandom('x').hex(13)).toMatch(/^[0-9a-f]{13}$/);
  });
});
