import fc from 'fast-check';
import { clickJson } from './click-factory';
import { bytesField, kplAggregate, type PackedRecord, sealed } from './kpl-encoder';

/** Over few values and minutes, so that items of the table are shared; with names that could trip a table. */
export const pages = [
  '/',
  '/pricing',
  '/docs',
  'seq',
  'pk',
  'expiresAt',
  '#0',
  ':n1',
  'n:/',
  '__proto__',
  '(other)',
  'größe',
] as const;

const eventLine = fc
  .record({
    page: fc.constantFrom(...pages),
    minute: fc.integer({ min: 57, max: 59 }),
    element: fc.option(fc.constantFrom('buy', 'menu'), { nil: undefined }),
    visitor: fc.integer({ min: 1, max: 9 }),
    session: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  })
  .map(({ page, minute, element, visitor, session }) =>
    clickJson({
      page,
      timestamp: `2026-03-01T09:${minute}:30Z`,
      visitorId: `visitor-${visitor}`,
      ...(element ? { element } : {}),
      ...(session ? { sessionId: `session-${session}` } : {}),
    }),
  );

/** A record of one event, of several, or of garbage. */
const plainRecord: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: eventLine },
  {
    weight: 2,
    arbitrary: fc.array(eventLine, { minLength: 2, maxLength: 4 }).map((lines) => lines.join('\n')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', ' \n', 'no json', '{"eventId":1}', '{"a":1}\n[]') },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
);

const aggregateOf = (record: fc.Arbitrary<string | Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .array(
      fc.record({
        data: record,
        partitionKey: fc.constantFrom('visitor-1', 'visitor-2'),
      }) satisfies fc.Arbitrary<PackedRecord>,
      { minLength: 1, maxLength: 5 },
    )
    .map(kplAggregate);

const damaged = fc
  .tuple(aggregateOf(plainRecord), fc.nat(), fc.integer({ min: 1, max: 255 }))
  .map(([bytes, at, bits]) => {
    bytes[at % bytes.length]! ^= bits;
    return bytes;
  });

/** An aggregate in good order, or with records or itself in no order at all. */
export const aggregate: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: aggregateOf(plainRecord) },
  { weight: 1, arbitrary: aggregateOf(fc.oneof(plainRecord, aggregateOf(plainRecord))) },
  { weight: 1, arbitrary: damaged },
  { weight: 1, arbitrary: fc.constant(sealed(bytesField(1, Buffer.from('no records')))) },
);

/** Whatever a stream may hold: a plain record or a KPL aggregate, good and bad. */
export const streamRecord: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: plainRecord },
  { weight: 2, arbitrary: aggregate },
);
