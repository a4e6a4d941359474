import fc from 'fast-check';
import { kplAggregate } from '../../support/kpl-encoder';
import { createWorld, encoded, type Handler, ok, PROCESSOR, returned, textOf, threw } from './harness';

const SHARDS = ['shardId-000000000000', 'shardId-000000000001'] as const;
const CHILDREN = ['shardId-000000000002', 'shardId-000000000003'] as const;

type Fate = 'ok' | 'drop' | 'fail' | 'miss' | 'throw' | 'invalid';

const FATES: readonly Fate[] = ['ok', 'drop', 'fail', 'miss', 'throw', 'invalid'];

/** A record's text begins with its fate: any function of the records alone would do. */
const fateOf = (text: string) => text.split('|')[0];

const handler: Handler = ({ records }, attempt) => {
  // Some invocations fail once and succeed when they are repeated.
  if (attempt % 5 === 0 || records.some((record) => fateOf(textOf(record)) === 'throw')) return threw;
  return returned({
    records: records.flatMap((record) => {
      const { recordId } = record;
      switch (fateOf(textOf(record))) {
        case 'ok':
          return [ok(record)];
        case 'drop':
          return [{ recordId, result: 'Dropped' }];
        case 'fail':
          return [{ recordId, result: 'ProcessingFailed' }];
        case 'miss':
          return [];
        default:
          return [{ recordId, result: 'Bad', data: '' }];
      }
    }),
  });
};

const anyFate = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fate>('ok') },
  { weight: 2, arbitrary: fc.constantFrom(...FATES) },
);

const scenario = fc.record({
  records: fc.array(
    fc.record({
      fate: anyFate,
      /** Those that are packed with it into a KPL aggregate, if any. */
      packedWith: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Fate[]>([]) },
        { weight: 1, arbitrary: fc.array(anyFate, { maxLength: 6 }) },
      ),
      second: fc.boolean(),
      size: fc.integer({ min: 0, max: 4_000 }),
      waitMs: fc.integer({ min: 0, max: 9_000 }),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  splitAt: fc.integer({ min: 0, max: 60 }),
  crashes: fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 4 }),
  bufferSizeMiB: fc.constantFrom(0.002, 0.008, 1),
  processorSizeMiB: fc.constantFrom(0.001, 0.004, 0.2),
  readLimit: fc.constantFrom(1, 3, 10_000),
  maxHeldBytes: fc.constantFrom(3_000, 1_000_000),
  failedPuts: fc.integer({ min: 0, max: 4 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function play({ records, crashes, splitAt, failedPuts, ...sizes }: Scenario) {
  const world = createWorld({
    handler,
    shardIds: SHARDS,
    maxRecordsPerRead: 7,
    spec: {
      bufferSizeMiB: sizes.bufferSizeMiB,
      processor: { ...PROCESSOR, bufferSizeMiB: sizes.processorSizeMiB },
    },
  });
  const settings = { readLimit: sizes.readLimit, maxHeldBytes: sizes.maxHeldBytes };
  const written = new Set<string>();
  const texts: string[] = [];
  const deaths = [...crashes];
  let run = await world.startMortal(settings, deaths.shift());
  let created = false;

  const restartTheDead = async () => {
    while (run.life.dead()) run = await world.startMortal(settings, deaths.shift());
    created ||= world.checkpoints.keys().length > 0;
  };

  world.objects.failNext(failedPuts);
  for (const [index, { fate, packedWith, second, size, waitMs }] of records.entries()) {
    await restartTheDead();
    if (index === splitAt) world.stream.split(SHARDS[1], ...CHILDREN);
    const inner = [fate, ...packedWith].map((each, place) => `${each}|${index}.${place}|${'x'.repeat(size)}`);
    const other = index < splitAt ? SHARDS[1] : CHILDREN[index % 2 ? 0 : 1];
    for (const text of inner) written.add(text);
    world.stream.put(second ? other : SHARDS[0], packedWith.length > 0 ? kplAggregate(inner) : inner[0]!);
    // The delivery stream may die before it exists; what arrives before that is not its.
    if (created) texts.push(...inner);
    await world.clock.advance(waitMs);
  }
  await restartTheDead();
  const survivor = crashes.length === 0 ? run.delivery() : undefined;
  if (!survivor) run.life.kill();
  const last = survivor ?? (await world.start(settings));
  await world.clock.until(last.drain());
  const status = last.status();
  await world.clock.until(last.stop());
  return { world, written, texts, status };
}

describe('for any records, verdicts, buffers and deaths of the process', () => {
  it('every record is delivered, or an error, or dropped; and objects hold nothing but answers, whole', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (script) => {
        const { world, written, texts, status } = await play(script);
        const delivered = world.text('data/');
        const answers = new Set(delivered.split(/(?<=>)(?=<)/).filter((text) => text !== ''));
        const errors = new Set(world.errorDocuments().map(({ rawData }) => rawData));

        const lost = texts.filter((text) => {
          const isSafe = answers.has(`<${text}>`) || errors.has(encoded(text));
          return fateOf(text) === 'drop' ? false : !isSafe;
        });
        expect(lost.map((text) => text.slice(0, 12))).toEqual([]);

        expect([...answers].filter((answer) => !written.has(answer.slice(1, -1)))).toEqual([]);
        expect([...answers].filter((answer) => !answer.startsWith('<ok|'))).toEqual([]);
        expect(status).toMatchObject({ lagMs: 0, bufferedRecords: 0, bufferedBytes: 0 });
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('without a death, each record is delivered exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (script) => {
        const { world, texts } = await play({ ...script, crashes: [] });
        const outcomes = world
          .text('data/')
          .split(/(?<=>)(?=<)/)
          .filter((text) => text !== '')
          .map((text) => encoded(text.slice(1, -1)))
          .concat(world.errorDocuments().map(({ rawData }) => String(rawData)));
        const expected = texts.filter((text) => fateOf(text) !== 'drop');
        const withDropped = texts.map(encoded);
        expect(new Set(outcomes).size).toBe(outcomes.length);
        expect(expected.map(encoded).filter((text) => !outcomes.includes(text))).toEqual([]);
        expect(outcomes.filter((text) => !withDropped.includes(text))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('each event that is archived counts once, however often it is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (script) => {
        // What a neighbour does to a whole invocation may befall a record in one life and not in the next.
        const alone = (fate: Fate): Fate => (fate === 'throw' || fate === 'invalid' ? 'ok' : fate);
        const records = script.records.map((record) => ({
          ...record,
          fate: alone(record.fate),
          packedWith: record.packedWith.map(alone),
        }));
        const { world, status } = await play({ ...script, records });
        const answers = new Set(world.text('data/').split(/(?<=>)(?=<)/));
        answers.delete('');
        expect(status.archivedEvents).toBe(answers.size);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
