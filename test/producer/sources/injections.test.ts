import { isUtf8 } from 'node:buffer';
import type { ClickEvent } from '../../../domain/event/click-event';
import { readRecord } from '../../../domain/event/record';
import { parseTraffic, type TrafficValues } from '../../../producer/command/options';
import type { Injection, SourceEvent } from '../../../producer/sources/event-source';
import { openSource } from '../../../producer/sources/open';
import { createVirtualClock } from '../../support/virtual-clock';

const hourMs = 3_600_000;
const clock = createVirtualClock(Date.parse('2026-06-01T12:00:00.000Z'));

async function events(values: TrafficValues, count: number): Promise<SourceEvent[]> {
  const { input } = parseTraffic({ seed: 'injected', ...values });
  const read: SourceEvent[] = [];
  for await (const item of await openSource(input, { clock, signal: new AbortController().signal })) {
    if (item.ok) read.push(item);
    if (read.length === count) break;
  }
  return read;
}

const text = ({ data }: SourceEvent) => Buffer.from(data).toString();
const click = (event: SourceEvent): ClickEvent => JSON.parse(text(event));
const marked = (from: readonly SourceEvent[], injected: Injection) =>
  from.filter((event) => event.injected === injected);
const reasons = (from: readonly SourceEvent[], arrivedAt: number) =>
  from.flatMap(({ data }) => readRecord(data, arrivedAt)).map((each) => (each.ok ? 'valid' : each.reason));

describe('injections', () => {
  const values = { duplicates: '0.1', late: '5%', malformed: '0.04', oversized: '.01', time: 'now' };

  it('happen to the share of events that was asked for, and are marked', async () => {
    const all = await events(values, 10_000);

    expect(marked(all, 'duplicate').length).toBeGreaterThan(850);
    expect(marked(all, 'duplicate').length).toBeLessThan(1000);
    expect(Math.abs(marked(all, 'late').length - 460)).toBeLessThan(80);
    expect(Math.abs(marked(all, 'malformed').length - 370)).toBeLessThan(70);
    expect(Math.abs(marked(all, 'oversized').length - 92)).toBeLessThan(40);
  });

  it('are the same bytes for the same seed', async () => {
    expect(await events(values, 500)).toEqual(await events(values, 500));
  });

  it('leave all other events as they are without them', async () => {
    const all = await events(values, 2000);
    const clean = await events({ time: 'now' }, 2000);
    const untouched = all.filter(({ injected }) => injected === undefined);
    const byKey = new Map(clean.map((event) => [event.resumeKey, text(event)]));

    expect(untouched.length).toBeGreaterThan(1500);
    for (const event of untouched) expect(text(event)).toBe(byKey.get(event.resumeKey));
  });

  it('give every event of a seed a name of its own, duplicates included', async () => {
    const all = await events(values, 2000);

    expect(new Set(all.map(({ resumeKey }) => resumeKey)).size).toBe(2000);
  });

  it('send duplicates byte for byte, a few events after the first', async () => {
    const all = await events({ duplicates: '0.3' }, 1000);
    for (const [index, event] of all.entries()) {
      if (event.injected === undefined) continue;
      const first = all.findIndex(({ resumeKey }) => `${resumeKey}+` === event.resumeKey);
      expect(text(all[first]!)).toBe(text(event));
      expect(all[first]?.injected).toBeUndefined();
      expect(index - first).toBeGreaterThan(0);
      // 16 events, and the copies that come between them.
      expect(index - first).toBeLessThanOrEqual(2 * 16);
    }
  });

  it('make late events that the pipeline counts as late', async () => {
    const late = marked(await events({ late: '1', time: 'now' }, 200), 'late');
    const readings = late.flatMap(({ data }) => readRecord(data, clock.now()));

    expect(late).toHaveLength(200);
    expect(readings.every((each) => each.ok && each.late)).toBe(true);
    for (const event of late) {
      expect(event.at).toBe(Date.parse(click(event).timestamp));
      expect(clock.now() - event.at!).toBeLessThanOrEqual(24 * hourMs + 60_000);
    }
  });

  it('make malformed events that the pipeline refuses, none with a line feed', async () => {
    const malformed = marked(await events({ malformed: '100%', time: 'now' }, 300), 'malformed');

    expect(malformed).toHaveLength(300);
    expect(new Set(reasons(malformed, clock.now()))).toEqual(new Set(['not_json', 'not_utf8']));
    expect(malformed.some(({ data }) => !isUtf8(data))).toBe(true);
    expect(malformed.some((event) => text(event).includes('\n'))).toBe(false);
  });

  it('make oversized events that Kinesis takes and the pipeline does not', async () => {
    const oversized = marked(await events({ oversized: '1', time: 'now' }, 20), 'oversized');

    expect(new Set(reasons(oversized, clock.now()))).toEqual(new Set(['too_large']));
    for (const event of oversized) {
      expect(event.data.byteLength).toBeLessThan(400_000);
      expect(click(event)).toMatchObject({ padding: expect.stringMatching(/^x+$/) });
    }
  });
});
