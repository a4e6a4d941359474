import type { Random } from '../domain/numbers/random';

/** Records that no producer of ours sends, by what they are. Each is put as it stands. */
export const hostileRecords = {
  'poison record': (random: Random): Buffer => random.pick(poison)(random),
  'record of 1 MiB': (random: Random): Buffer => random.pick([largeJunk, largePack, manyBadLines])(random),
  'empty record': (): Buffer => Buffer.alloc(0),
} as const;

export type HostileRecord = keyof typeof hostileRecords;

const mebibyte = 1024 * 1024;

const poison: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.from('{"eventId":"torn'),
  () => Buffer.from('null'),
  () => Buffer.from('[]'),
  () => Buffer.from('{}'),
  () => Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  () => Buffer.from('\n\r\n \t\n'),
  // Twenty thousand arrays in each other: a parser that calls itself would run out of stack.
  () => Buffer.from('['.repeat(20_000)),
  (random) => eventOf(random, { timestamp: 'yesterday' }),
  (random) => eventOf(random, { page: 7 }),
  // The beginning of an aggregate of the KPL, with a digest that is none.
  (random) => Buffer.concat([Buffer.from('f3899ac2', 'hex'), junk(random, 64)]),
];

function largeJunk(random: Random): Buffer {
  return junk(random, mebibyte);
}

function manyBadLines(): Buffer {
  return Buffer.from('x\n'.repeat(mebibyte / 2));
}

/** As many good events as fit. */
function largePack(random: Random): Buffer {
  const lines: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const line = Buffer.concat([eventOf(random, {}), Buffer.from('\n')]);
    if (bytes + line.length > mebibyte) return Buffer.concat(lines);
    bytes += line.length;
    lines.push(line);
  }
}

/** No line feed among it, so that it is one line, and no UTF-8. */
function junk(random: Random, bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => 0x80 + random.below(0x40)));
}

function eventOf(random: Random, members: object): Buffer {
  return Buffer.from(
    JSON.stringify({
      eventId: random.hex(24),
      type: 'page_view',
      timestamp: new Date().toISOString(),
      visitorId: random.hex(8),
      page: `/packed/${random.below(20)}`,
      ...members,
    }),
  );
}
