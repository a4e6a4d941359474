import { join } from 'node:path';
import fc from 'fast-check';
import { countedValue } from '../../analytics/counted-value';
import { readQuestions } from '../../analytics/questions';
import { counterValue } from '../../domain/counters/counter-value';
import { dimensions, valueIn } from '../../domain/counters/dimensions';
import { formatWindow, windowStart } from '../../domain/counters/window';
import { readRecord } from '../../domain/event/record';
import { clickJson } from '../support/click-factory';
import { temporaryFolder } from '../support/temporary-folder';
import { archiveLines, memoryArchive, objectKey, rowsOf, type Sent, sessionOver } from './memory-archive';

const folder = temporaryFolder('counted-value');
const question = readQuestions().find(({ name }) => name === 'counters-by-hour')!;
const arrivedAt = '2026-03-01T10:00:00.250Z';
let copies = 0;

const counters = async (records: readonly Sent[]) => {
  const source = memoryArchive({ [objectKey('one')]: archiveLines(records) });
  const session = await sessionOver(source, join(folder, `${++copies}.duckdb`));
  const rows = await rowsOf(session, question.sql);
  session.close();
  return rows.map(({ window_start, dimension, value, count }) =>
    JSON.stringify([window_start, dimension, value, count]),
  );
};

/** By the counters' own list, one line after the other. */
function counted(records: readonly Sent[]): string[] {
  const counts = new Map<string, number>();
  for (const { data } of records) {
    const at = Date.parse(arrivedAt);
    const [reading] = readRecord(Buffer.from(data), at);
    for (const dimension of dimensions) {
      const raw = valueIn(dimension, reading!, false);
      if (raw === undefined) continue;
      const start = formatWindow(windowStart('hour', reading!.ok ? reading!.at : at));
      const key = JSON.stringify([start.replace('Z', '.000Z'), dimension.name, counterValue(raw).value]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts].map(([key, count]) => JSON.stringify([...JSON.parse(key), count]));
}

/** Texts that end around the 200th byte, within characters of one to four bytes. */
const character = fc.constantFrom(
  'a',
  'é',
  '日',
  '👩',
  '\u0000',
  '\n',
  '\\',
  '"',
  '\ud83d',
  '\ufffd',
  '\u200d',
);
const long = fc
  .tuple(
    fc.constantFrom('/a', 'é', '日', '👩'),
    fc.integer({ min: 40, max: 210 }),
    fc.array(character, { maxLength: 4 }),
  )
  .map(
    ([beginning, times, end]) => `${beginning.repeat(times / Buffer.byteLength(beginning))}${end.join('')}`,
  );
const reserved = fc
  .tuple(fc.constantFrom(0, 1, 2, 50, 192, 193, 194, 200), fc.constantFrom('', '\n', ' '))
  .map(([times, end]) => `${'\\'.repeat(times)}(other)${end}`);
const value = fc.oneof(
  long,
  reserved,
  fc.string({ minLength: 1, unit: character }),
  fc.constantFrom('/', 'é'),
);
const event = fc.record(
  {
    page: value,
    type: value,
    element: fc.oneof(value, fc.constant('')),
    referrer: fc.oneof(
      fc.constantFrom('-', 'https://Search.example/?q=1'),
      fc.integer({ min: 150, max: 250 }).map((length) => `https://${'x'.repeat(length)}/`),
    ),
    status: fc.constantFrom<unknown>(99, 100, 404, '599', 600, 200.5, '0200', ' 200', 'fine', { code: 1 }),
    userAgent: fc.constantFrom('-', 'Googlebot/2.1', 'Mozilla/5.0 (iPhone) Mobile'),
    timestamp: fc.constantFrom('2026-03-01T09:59:30.000Z', '2026-02-27T09:59:30+01:00'),
  },
  { requiredKeys: ['page', 'type', 'timestamp'] },
);

describe('The question for the counters', () => {
  it('names and counts every value as they do, however long and whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 60, maxLength: 120 }), async (events) => {
        const records = [
          ...events.map((fields) => ({ data: clickJson(fields as Record<string, unknown>) })),
          { data: 'no json' },
        ];
        expect((await counters(records)).sort()).toEqual(counted(records).sort());
      }),
      { numRuns: process.env.TEST_ALL ? 6 : 3, endOnFailure: true },
    );
  });

  it('merges what differs behind the cut, and so much more than the table can hold', async () => {
    const records = ['a', 'b', 'c'].map((end) => ({
      data: clickJson({ page: `/${'x'.repeat(300)}${end}` }),
    }));
    expect(await counters(records)).toContain(
      JSON.stringify(['2026-03-01T09:00:00.000Z', 'page', `/${'x'.repeat(199)}`, 3]),
    );
  });

  it('has the text by which other questions compare with a counter', () => {
    const squeezed = (text: string) => text.replaceAll(/\s+/g, '');
    expect(squeezed(question.sql)).toContain(squeezed(countedValue('whole')));
  });
});
