import { digestOf } from '../../domain/archive/error-object';
import { eventIndex } from '../../domain/event/position';
import type { ShardRecord } from '../../domain/event/shard-lines';
import type { AcceptedLine, NotAcceptedLine } from '../../producer/ledger/line';
import type { LedgerEntry } from '../../producer/ledger/read-ledger';
import { type VerifyPorts, verifyLedger } from '../../reconcile/ledger';
import type { StreamSource } from '../../reconcile/stream-contents';
import { entriesOf } from '../producer/ledger/ledger-factory';
import { clickJson } from '../support/click-factory';
import { kplAggregate } from '../support/kpl-encoder';

const arrivedAt = Date.parse('2026-03-01T10:20:00Z');
const shardId = 'shardId-000000000002';
const click = (eventId: string) => clickJson({ eventId, timestamp: '2026-03-01T10:15:00Z' });

function accepted(eventId: string, sequenceNumber: string, index = 0): AcceptedLine {
  return { kind: 'accepted', eventId, shardId, sequenceNumber, subSequenceNumber: index };
}

function notAccepted(kind: NotAcceptedLine['kind'], eventId: string): NotAcceptedLine {
  return { kind, eventId, reason: 'given_up', code: 'C' };
}

function record(sequenceNumber: string, data: string | Uint8Array): ShardRecord {
  return { sequenceNumber, data: Buffer.from(data), arrivedAt };
}

const streamOf = (records: readonly ShardRecord[]): StreamSource => ({
  shardIds: async () => [shardId],
  async *read() {
    yield records;
  },
});

const verify = (
  ledger: readonly LedgerEntry[],
  stream: readonly ShardRecord[],
  more: Partial<VerifyPorts> = {},
) => verifyLedger({ ledger: entriesOf(ledger), stream: streamOf(stream), now: arrivedAt + 60_000, ...more });

describe('a ledger and its stream', () => {
  it('agree if each accepted event is where the ledger says, packed or not', async () => {
    const aggregate = kplAggregate([click('e4'), click('e5')]);
    const ledger = [
      accepted('e1', '11'),
      ...[accepted('e2', '12', 0), accepted('e3', '12', 1)],
      ...[accepted('e4', '13', 0), accepted('e5', '13', eventIndex(1, 0))],
    ];
    const stream = [
      record('11', click('e1')),
      record('12', `${click('e2')}\n${click('e3')}`),
      record('13', aggregate),
    ];

    expect(await verify(ledger, stream)).toMatchObject({
      ledger: { accepted: 5, failed: 0, ambiguous: 0 },
      found: 5,
      furtherCopies: 0,
      exact: true,
      firstDifferences: [],
    });
  });

  it('differ if an event is missing, is another one, or shares its place', async () => {
    const ledger = [accepted('e1', '11'), accepted('e2', '12'), accepted('e3', '13'), accepted('e4', '13')];
    const result = await verify(ledger, [record('12', click('other')), record('13', click('e4'))]);

    expect(result).toMatchObject({ found: 1, exact: false, differences: 3 });
    expect(result.firstDifferences).toEqual([
      `${shardId} 13 0: the ledger has two events at this place`,
      `${shardId} 12 0: the stream holds event other, the ledger has e2`,
      `${shardId} 11 0: event e1 is not in the stream (any more)`,
    ]);
  });

  it('agree about an event whose bytes were spoilt on purpose', async () => {
    const ledger = [{ ...accepted('e1', '11'), injected: 'malformed' as const }];

    expect(await verify(ledger, [record('11', '[object Object]')])).toMatchObject({ found: 1, exact: true });
  });

  it('tell of copies, and of what arrived though nobody knew', async () => {
    const ledger = [
      accepted('e1', '11'),
      notAccepted('ambiguous', 'e2'),
      notAccepted('ambiguous', 'e3'),
      notAccepted('failed', 'e4'),
      notAccepted('ambiguous', 'e1'),
    ];
    const stream = ['e1', 'e1', 'e2', 'e2', 'stranger'].map((id, index) =>
      record(String(11 + index), click(id)),
    );

    expect(await verify(ledger, stream)).toMatchObject({
      found: 1,
      furtherCopies: 1,
      arrivedAfterAll: { failed: 0, ambiguous: 1 },
      exact: true,
    });
  });

  it('names the first differences, and counts them all', async () => {
    const ledger = Array.from({ length: 25 }, (_, index) => accepted(`e${index}`, String(index)));
    const { differences, firstDifferences } = await verify(ledger, []);

    expect(differences).toBe(25);
    expect(firstDifferences).toHaveLength(10);
  });
});

describe('a ledger, archive and counters', () => {
  const ledger = [accepted('e1', '11'), accepted('e2', '12'), accepted('e3', '13')];
  const stream = [record('11', click('e1')), record('12', click('e2')), record('13', '{"eventId":"e3"}')];
  /** @param archivedUpTo how far the delivery stream has come */
  const archive = (lines: readonly string[], failed: readonly string[], archivedUpTo = '13') => ({
    places: new Set(lines.map((sequenceNumber) => `${shardId} ${sequenceNumber} 0`)),
    failed: new Set(failed.map((data) => digestOf(Buffer.from(data)))),
    dueAt: ({ sequenceNumber }: { readonly sequenceNumber: string }, at: number) =>
      sequenceNumber > archivedUpTo ? at + 3_600_000 : undefined,
  });
  /** @param countedUpTo how far the aggregator has come */
  const aggregates = (hour: number, invalid: number, countedUpTo = '13') => ({
    validByHour: new Map([['2026-03-01T10:00:00Z', hour]]),
    invalid,
    dueAt: ({ sequenceNumber }: { readonly sequenceNumber: string }, at: number) =>
      sequenceNumber > countedUpTo ? at + 7_200_000 : undefined,
  });

  it('agree if every event is a line or in a failed record, and is counted, by others too', async () => {
    const ports = { archive: archive(['11', '12'], ['{"eventId":"e3"}']), aggregates: aggregates(7, 1) };

    expect(await verify(ledger, stream, ports)).toMatchObject({ archived: 3, counted: 3, exact: true });
  });

  it('differ if one is nowhere, or not counted', async () => {
    const ports = { archive: archive(['11'], []), aggregates: aggregates(1, 0) };
    const result = await verify(ledger, stream, ports);

    expect(result).toMatchObject({ found: 3, archived: 1, counted: 1, exact: false });
    expect(result.firstDifferences).toEqual([
      `${shardId} 12 0: event e2 is not in the archive`,
      `${shardId} 13 0: event e3 is not in the archive`,
      'invalid: 0 events are counted, the ledger has 1',
      'hour 2026-03-01T10:00:00Z: 1 event is counted, the ledger has 2',
    ]);
  });

  it('agree later, while archive or counters have not come so far', async () => {
    const result = await verify(ledger, stream, {
      archive: archive(['11'], [], '12'),
      aggregates: aggregates(1, 0, '11'),
    });

    expect(result).toMatchObject({
      exact: false,
      notYet: { archive: 1, counters: 2, dueBy: '2026-03-01T12:20:00.000Z' },
      firstDifferences: [`${shardId} 12 0: event e2 is not in the archive`],
    });
  });

  it('differ once the time is over by which it had to be there', async () => {
    const ports = { archive: archive(['11'], [], '11'), aggregates: aggregates(1, 0, '11') };

    expect(await verify(ledger, stream, { ...ports, now: arrivedAt + 3_600_000 })).toMatchObject({
      differences: 2,
      notYet: { archive: 0, counters: 2 },
    });
    expect(await verify(ledger, stream, { ...ports, now: arrivedAt + 7_200_000 })).toMatchObject({
      differences: 4,
      notYet: undefined,
    });
  });

  it('are not looked at without ports', async () => {
    expect(await verify(ledger, stream)).toMatchObject({ archived: undefined, counted: undefined });
  });
});
