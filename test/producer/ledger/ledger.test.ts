import fc from 'fast-check';
import type { Packing } from '../../../producer/client/packing/packer';
import { createLedger, type Ledger } from '../../../producer/ledger/ledger';
import { type LedgerState, readState } from '../../../producer/ledger/state';
import type { SourceEvent, SourceItem } from '../../../producer/sources/event-source';
import { createVirtualClock } from '../../support/virtual-clock';
import {
  acceptedAt,
  createMemoryFile,
  entriesOf,
  notAccepted,
  outcomesIn,
  sourceEvent,
  sourceOf,
} from './ledger-factory';

const ledgers: Ledger[] = [];
afterEach(() => {
  for (const ledger of ledgers.splice(0)) ledger.close();
});

function setUp(before?: LedgerState, count?: number, packing?: Packing) {
  const clock = createVirtualClock();
  const file = createMemoryFile();
  const ledger = createLedger(file, clock, { before, count, packing });
  ledgers.push(ledger);
  return { clock, file, ledger };
}

async function collect(items: AsyncIterable<SourceItem>): Promise<SourceItem[]> {
  const all: SourceItem[] = [];
  for await (const item of items) all.push(item);
  return all;
}

type Fate = 'accepted' | 'failed' | 'ambiguous' | 'unknown' | 'unread';

/** One run over the events that `before` leaves, cut off or not, in which each has its fate, in any order. */
async function run(
  events: readonly SourceEvent[],
  fates: readonly Fate[],
  order: readonly number[],
  before?: LedgerState,
) {
  const { file, ledger } = setUp(before);
  const readable = events.slice(0, fates.filter((fate) => fate !== 'unread').length);
  const sent = (await collect(ledger.through(sourceOf(readable)))) as SourceEvent[];
  for (const index of order) {
    const event = sent.find((one) => one.resumeKey === events[index]?.resumeKey);
    const fate = fates[index];
    if (!event) continue;
    if (fate === 'accepted') ledger.accepted(event, acceptedAt(index));
    if (fate === 'failed' || fate === 'ambiguous')
      ledger.notAccepted(event, notAccepted(fate === 'ambiguous'));
  }
  file.flush();
  return { lines: file.written, sent, overlap: ledger.overlap() };
}

const numbersOf = (events: readonly SourceItem[]) =>
  events.map((event) => (event.ok ? Number(event.resumeKey?.slice(2)) : 0));

const pattern = fc
  .array(fc.constantFrom<Fate>('accepted', 'accepted', 'failed', 'ambiguous', 'unknown'), { maxLength: 40 })
  .chain((fates) =>
    fc.tuple(
      fc.nat(10).map((unread) => [...fates, ...Array.from({ length: unread }, (): Fate => 'unread')]),
      fc.shuffledSubarray(
        fates.map((_, index) => index),
        { minLength: fates.length },
      ),
    ),
  );

describe('a resumed run', () => {
  it('sends exactly what no run before saw accepted, and knows what may have been sent', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async ([fates, order]) => {
        const events = fates.map((_, index) => sourceEvent(index + 1));
        const first = await run(events, fates, order);
        const before = await readState(entriesOf(first.lines));
        const { ledger } = setUp(before);
        const rest = await collect(ledger.through(sourceOf(events)));

        const left = events.filter((_, index) => fates[index] !== 'accepted');
        expect(rest).toEqual(left);
        const unsure = fates.filter((fate) => fate === 'ambiguous' || fate === 'unknown').length;
        const unread = fates.filter((fate) => fate === 'unread').length;
        const { passedOver, sentAgain } = ledger.overlap();
        expect(passedOver).toBe(fates.filter((fate) => fate === 'accepted').length);
        // The marks are ahead of what was read, so that some events too many count as sent, and never too few.
        expect(sentAgain).toBeGreaterThanOrEqual(unsure);
        expect(sentAgain).toBeLessThanOrEqual(unsure + unread);
      }),
    );
  });

  it('sends the rest after any number of runs, each cut off somewhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pattern, { minLength: 1, maxLength: 4 }), async (runs) => {
        const events = Array.from({ length: 60 }, (_, index) => sourceEvent(index + 1));
        const lines = [];
        const accepted = new Set<number>();
        for (const [fates, order] of runs) {
          const before = await readState(entriesOf(lines));
          const result = await run(events, fates, order, before);
          for (const number of numbersOf(result.sent)) {
            expect(accepted.has(number)).toBe(false);
            if (fates[number - 1] === 'accepted') accepted.add(number);
          }
          lines.push({ kind: 'resumed' as const, at: 't' }, ...result.lines);
        }
        const last = setUp(await readState(entriesOf(lines)));
        const rest = await collect(last.ledger.through(sourceOf(events)));
        expect(numbersOf(rest)).toEqual(numbersOf(events).filter((number) => !accepted.has(number)));
      }),
    );
  });

  it('does not forget that an earlier run may have sent what a later one could not', async () => {
    const events = [sourceEvent(1)];
    const first = await run(events, ['unknown'], [0]);
    const second = await run(events, ['failed'], [0], await readState(entriesOf(first.lines)));
    const lines = [...first.lines, { kind: 'resumed' as const, at: 't' }, ...second.lines];

    expect(outcomesIn(second.lines)).toMatchObject([{ kind: 'ambiguous', eventId: 'e1' }]);
    expect((await readState(entriesOf(lines))).mayHaveBeenSent('1:1', 0)).toBe(true);
  });

  it('marks what may be twice because a request went without an answer', () => {
    const { file, ledger } = setUp();
    ledger.accepted(sourceEvent(1), { ...acceptedAt(1), mayBeTwice: true });

    expect(file.waiting).toMatchObject([{ eventId: 'e1', mayBeTwice: true }]);
  });

  it('knows of no overlap where the run before came to its end', async () => {
    const events = [1, 2, 3, 4].map((number) => sourceEvent(number));
    const { file, ledger } = setUp();
    for (const event of await collect(ledger.through(sourceOf(events.slice(0, 2))))) {
      if (event.ok) ledger.accepted(event, acceptedAt(1));
    }
    ledger.end();
    file.flush();
    const resumed = setUp(await readState(entriesOf(file.written)));

    expect(numbersOf(await collect(resumed.ledger.through(sourceOf(events))))).toEqual([3, 4]);
    expect(resumed.ledger.overlap()).toEqual({ passedOver: 2, sentAgain: 0 });
  });

  it('marks the events that may be in the stream from before', async () => {
    const first = await run([sourceEvent(1), sourceEvent(2)], ['unknown', 'failed'], [0, 1]);
    const { file, ledger } = setUp(await readState(entriesOf(first.lines)));
    for (const event of await collect(ledger.through(sourceOf([sourceEvent(1), sourceEvent(2)])))) {
      if (event.ok) ledger.accepted(event, acceptedAt(1));
    }
    file.flush();

    expect(outcomesIn(file.written)).toMatchObject([
      { eventId: 'e1', mayBeTwice: true },
      { eventId: 'e2', mayBeTwice: undefined },
    ]);
  });

  it('counts what was sent before towards the count', async () => {
    const before = { ...(await readState(entriesOf([]))), isAccepted: (key: string) => key === '1:2' };
    const { ledger } = setUp(before, 3);
    const events = [1, 2, 3, 4].map((number) => sourceEvent(number));

    expect(numbersOf(await collect(ledger.through(sourceOf(events))))).toEqual([1, 3]);
  });

  it('does not wait in a replay for what was sent before', async () => {
    const before = { ...(await readState(entriesOf([]))), isAccepted: (key: string) => key === '1:1' };
    const { ledger } = setUp(before);
    const events = [
      sourceEvent(1, { dueMs: 0 }),
      sourceEvent(2, { dueMs: 60_000 }),
      sourceEvent(3, { dueMs: 61_000 }),
    ];

    expect(await collect(ledger.through(sourceOf(events)))).toMatchObject([{ dueMs: 0 }, { dueMs: 1000 }]);
  });
});

describe('a ledger', () => {
  it('holds what may be sent before it is sent', async () => {
    const { file, ledger } = setUp();
    let read = 0;
    for await (const _ of ledger.through(
      sourceOf(Array.from({ length: 5000 }, (__, n) => sourceEvent(n + 1))),
    )) {
      read++;
      const last = file.written.at(-1);
      expect(last?.kind === 'begun' && last.events).toBeGreaterThanOrEqual(read);
    }
    // One mark an event would cost more than the events.
    expect(file.written.length).toBeLessThan(15);
  });

  it('marks one event at a time where they come one a second', async () => {
    const { clock, file, ledger } = setUp();
    for await (const _ of ledger.through(sourceOf([1, 2, 3].map((number) => sourceEvent(number)))))
      await clock.advance(1000);

    expect(file.written).toEqual([1, 2, 3].map((events) => ({ kind: 'begun', events })));
  });

  it('writes each outcome with what the event is called, and the totals at the end', () => {
    const { file, ledger } = setUp();
    ledger.accepted(sourceEvent(1, { injected: 'duplicate' }), acceptedAt(41));
    ledger.notAccepted(sourceEvent(2), notAccepted(false));
    ledger.notAccepted(sourceEvent(3, { data: Buffer.from('[object Object]') }), notAccepted(true));
    ledger.end();
    file.flush();

    expect(file.written).toMatchObject([
      {
        kind: 'accepted',
        eventId: 'e1',
        sequenceNumber: '41',
        subSequenceNumber: 5,
        injected: 'duplicate',
        key: '1:1',
      },
      { kind: 'failed', eventId: 'e2', reason: 'given_up', code: 'Code', key: '1:2' },
      { kind: 'ambiguous', eventId: undefined, key: '1:3' },
      { kind: 'totals', accepted: 1, failed: 1, ambiguous: 1, ended: true },
    ]);
  });

  it.each([
    ['none', 5],
    ['ndjson', 5],
    ['kpl', 50_000_000],
  ] as const)('numbers the events of a record as the archive does (%s)', (packing, subSequenceNumber) => {
    const { file, ledger } = setUp(undefined, undefined, packing);
    ledger.accepted(sourceEvent(1), acceptedAt(1));

    expect(file.waiting).toMatchObject([{ kind: 'accepted', subSequenceNumber }]);
  });

  it('writes the totals in between', async () => {
    const { clock, file, ledger } = setUp();
    ledger.accepted(sourceEvent(1), acceptedAt(1));
    await clock.advance(11_000);
    ledger.accepted(sourceEvent(2), acceptedAt(2));

    expect(file.waiting.at(-1)).toMatchObject({ kind: 'totals', accepted: 2, ended: false });
  });
});
