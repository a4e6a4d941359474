import { join } from 'node:path';
import fc from 'fast-check';
import { duckdbType } from '../../analytics/duckdb/column-types';
import { readQuestions } from '../../analytics/questions';
import { views } from '../../analytics/views';
import { parseTimestamp } from '../../domain/event/timestamp';
import { temporaryFolder } from '../support/temporary-folder';
import {
  archiveLines,
  click,
  memoryArchive,
  objectKey,
  rowsOf,
  type Sent,
  sessionOver,
} from './memory-archive';

const folder = temporaryFolder('query-views');
let copies = 0;
const newCopy = (): string => join(folder, `${++copies}.duckdb`);

async function ask(records: readonly Sent[], sql: string) {
  const session = await sessionOver(memoryArchive({ [objectKey('one')]: archiveLines(records) }), newCopy());
  try {
    return await rowsOf(session, sql);
  } finally {
    session.close();
  }
}

const question = (name: string): string => readQuestions().find((one) => one.name === name)!.sql;

describe('The views', () => {
  it.each(views)('$name has the columns that Glue is told', async ({ name, columns }) => {
    const found = await ask([click()], `DESCRIBE ${name}`);
    expect(found.map((row) => [row.column_name, row.column_type])).toEqual(
      columns.map((column) => [column.name, duckdbType(column.type)]),
    );
  });

  it('show an event that Firehose delivered twice once, and one that its sender sent twice by eventId once', async () => {
    const lines = archiveLines([click({ eventId: 'a' }), click({ eventId: 'b' }), click({ eventId: 'b' })]);
    const source = memoryArchive({ [objectKey('one')]: lines, [objectKey('again')]: lines });
    const session = await sessionOver(source, newCopy());
    const count = async (table: string) =>
      (
        await rowsOf(session, `SELECT eventId, count(*) AS n FROM ${table} GROUP BY eventId ORDER BY eventId`)
      ).map(({ eventId, n }) => `${eventId} ${n}`);
    expect(await count('archive')).toEqual(['a 2', 'b 4']);
    expect(await count('events')).toEqual(['a 1', 'b 2']);
    expect(await count('events_once')).toEqual(['a 1', 'b 1']);
    session.close();
  });

  it('keep lines that were no events apart, with the reason and the bytes', async () => {
    const rejected = await ask([{ data: 'no json' }, click()], 'SELECT rejected, raw FROM rejected_lines');
    expect(rejected).toEqual([{ rejected: 'not_json', raw: Buffer.from('no json').toString('base64') }]);
  });

  it('take every time that the parser takes for the same instant', async () => {
    const digits = (min: number, max: number) =>
      fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
    const timestamp = fc
      .record({
        day: fc.date({ min: new Date('1971-01-01'), max: new Date('2026-02-27'), noInvalidDate: true }),
        time: fc.tuple(digits(0, 23), digits(0, 59)).map((parts) => parts.join(':')),
        seconds: fc.option(digits(0, 59), { nil: undefined }),
        fraction: fc.option(fc.tuple(fc.constantFrom('.', ','), fc.stringMatching(/^\d{1,12}$/)), {
          nil: undefined,
        }),
        zone: fc.oneof(
          fc.constant('Z'),
          fc
            .tuple(fc.constantFrom('+', '-'), digits(0, 23), fc.constantFrom('', ':'), digits(0, 59))
            .map((parts) => parts.join('')),
          fc.tuple(fc.constantFrom('+', '-'), digits(0, 23)).map((parts) => parts.join('')),
        ),
      })
      .map(({ day, time, seconds, fraction, zone }) => {
        const tail = seconds === undefined ? '' : `:${seconds}${fraction ? fraction.join('') : ''}`;
        return `${day.toISOString().slice(0, 10)}T${time}${tail}${zone}`;
      });
    await fc.assert(
      fc.asyncProperty(fc.array(timestamp, { minLength: 50, maxLength: 100 }), async (timestamps) => {
        const records = timestamps.map((text, index) => click({ eventId: `${index}`, timestamp: text }));
        const found = await ask(records, 'SELECT "timestamp", happened_ms, happened_at FROM events');
        for (const row of found) {
          const at = parseTimestamp(String(row.timestamp))!;
          expect([row.timestamp, row.happened_ms, row.happened_at]).toEqual([
            row.timestamp,
            at,
            new Date(at).toISOString(),
          ]);
        }
        expect(found).toHaveLength(timestamps.length);
      }),
      { numRuns: 10 },
    );
  });

  it('take a status that is a text for a number, and one that is neither for none', async () => {
    const records = [click({ eventId: 'a', status: 404 }), click({ eventId: 'b', status: '503' })];
    const odd = click({ eventId: 'c', status: { code: 200 } });
    expect(await ask([...records, odd], 'SELECT status FROM events ORDER BY eventId')).toEqual([
      { status: 404 },
      { status: 503 },
      { status: null },
    ]);
  });
});

interface Visit {
  readonly visitor: number;
  readonly session: string | undefined;
  readonly minute: number;
  readonly page: string;
}

const pages = ['/', '/products', '/checkout', '/about'];
const visits = fc.array(
  fc.record({
    visitor: fc.integer({ min: 1, max: 4 }),
    session: fc.option(fc.constantFrom('s-1', 's-2', ''), { nil: undefined }),
    minute: fc.integer({ min: 0, max: 300 }),
    page: fc.constantFrom(...pages),
  }),
  { minLength: 1, maxLength: 60 },
);

const sentVisits = (all: readonly Visit[]): Sent[] =>
  all.map(({ visitor, session, minute, page }) =>
    click({
      visitorId: `v-${visitor}`,
      page,
      type: 'page_view',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      timestamp: new Date(Date.parse('2026-03-01T03:00:00Z') + minute * 60_000).toISOString(),
      ...(session === undefined ? {} : { sessionId: session }),
    }),
  );

/** Sessions as a person would cut them, one event after the other. */
function sessionsOf(all: readonly Visit[]): Visit[][] {
  const sessions = new Map<string, Visit[]>();
  const open = new Map<string, { readonly name: string; last: number }>();
  const inOrder = all
    .map((visit, index) => ({ visit, index }))
    .sort((a, b) => a.visit.minute - b.visit.minute || a.index - b.index);
  for (const { visit } of inOrder) {
    let name = `named ${visit.session}`;
    if (!visit.session) {
      const before = open.get(`v-${visit.visitor}`);
      name =
        before && visit.minute - before.last <= 30
          ? before.name
          : `v-${visit.visitor} from ${visit.minute} ${sessions.size}`;
      open.set(`v-${visit.visitor}`, { name, last: visit.minute });
    }
    sessions.set(name, [...(sessions.get(name) ?? []), visit]);
  }
  return [...sessions.values()];
}

describe('Sessions and funnels', () => {
  it('are those that one event after the other gives', async () => {
    await fc.assert(
      fc.asyncProperty(visits, async (all) => {
        const found = await ask(
          sentVisits(all),
          'SELECT events, pages, entry_page, exit_page, seconds FROM sessions ORDER BY ALL',
        );
        const expected = sessionsOf(all).map((session) => ({
          events: session.length,
          pages: new Set(session.map(({ page }) => page)).size,
          entry_page: session[0]!.page,
          exit_page: session.at(-1)!.page,
          seconds: (session.at(-1)!.minute - session[0]!.minute) * 60,
        }));
        const text = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
        expect(text(found)).toEqual(text(expected));
      }),
      { numRuns: 15 },
    );
  });

  it('count who goes through the pages in their order', async () => {
    await fc.assert(
      fc.asyncProperty(visits, async (all) => {
        const found = await ask(sentVisits(all), question('funnel'));
        const reached = [0, 0, 0];
        for (const session of sessionsOf(all)) {
          let step = 0;
          for (const { page } of session) if (page === pages[step] && step < 3) reached[step++]!++;
        }
        expect(found.map(({ sessions }) => sessions)).toEqual(reached);
      }),
      { numRuns: 15 },
    );
  });
});

describe('The questions', () => {
  it.each(readQuestions())('$name is answered, over an empty archive too', async ({ sql }) => {
    await ask([click(), { data: 'no json' }], sql);
    await ask([], sql);
  });

  it('tell of each campaign whom it brought first, and last before the goal', async () => {
    const at = (minute: number) => `2026-03-01T09:${minute}:00Z`;
    const records = [
      click({ visitorId: 'v', campaign: 'spring', timestamp: at(10) }),
      click({ visitorId: 'v', campaign: 'mail', timestamp: at(20) }),
      click({ visitorId: 'v', type: 'purchase', timestamp: at(30) }),
      click({ visitorId: 'v', campaign: 'too late', timestamp: at(40) }),
    ];
    expect(await ask(records, question('first-touch'))).toEqual([{ campaign: 'spring', visitors: 1 }]);
    expect(await ask(records, question('last-touch'))).toEqual([{ campaign: 'mail', visitors: 1 }]);
  });

  it('count in which week who came back', async () => {
    const records = [
      click({ visitorId: 'a', timestamp: '2026-02-02T09:00:00Z' }),
      click({ visitorId: 'a', timestamp: '2026-02-17T09:00:00Z' }),
      click({ visitorId: 'b', timestamp: '2026-02-04T09:00:00Z' }),
    ];
    const found = await ask(records, question('retention-by-week'));
    expect(found.map(({ weeks_later, visitors }) => [weeks_later, visitors])).toEqual([
      [0, 2],
      [2, 1],
    ]);
  });
});
