import type { Random } from '../domain/numbers/random';

const mebibyte = 1024 * 1024;

/** Records that no producer of ours sends, by what they are. Each is put as it stands. */
export const hostileRecords = {
  'poison record': (random: Random): Buffer => random.pick(poison)(random),
  'record of 1 MiB': (random: Random): Buffer => random.pick(large)(random),
  'empty record': (): Buffer => Buffer.alloc(0),
} as const;

export type HostileRecord = keyof typeof hostileRecords;

const poison: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.from('{"eventId":"torn'),
  () => Buffer.from('null'),
  () => Buffer.from('[]'),
  () => Buffer.from('{}'),
  () => Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  () => Buffer.from('\n\r\n \t\n'),
  // Twenty thousand arrays in each other: a parser that calls itself would run out of stack.
  () => Buffer.from('['.repeat(20_000)),
  (random) => Buffer.from(eventText(random, { timestamp: 'yesterday' })),
  (random) => Buffer.from(eventText(random, { page: 7 })),
  // The beginning of an aggregate of the KPL, with a digest that is none.
  (random) => Buffer.concat([Buffer.from('f3899ac2', 'hex'), junk(random, 64)]),
];

const large: readonly ((random: Random) => Buffer)[] = [
  (random) => junk(random, mebibyte),
  // As many good events as fit.
  (random) => {
    const line = () => `${eventText(random, {})}\n`;
    const count = Math.floor(mebibyte / line().length);
    return Buffer.from(Array.from({ length: count }, line).join(''));
  },
  () => Buffer.from('x\n'.repeat(mebibyte / 2)),
];

/** No line feed among it, so that it is one line, and no UTF-8. */
function junk(random: Random, bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => 0x80 + random.below(0x40)));
}

/** As long as any other without further members. */
function eventText(random: Random, members: object): string {
  return JSON.stringify({
    eventId: random.hex(24),
    type: 'page_view',
    timestamp: new Date().toISOString(),
    visitorId: random.hex(8),
    page: `/packed/${10 + random.below(20)}`,
    ...members,
  });
}
