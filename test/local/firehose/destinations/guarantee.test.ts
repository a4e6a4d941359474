import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { HttpEndpointSpec } from '../../../../local/deployment';
import { createHttpEndpoint } from '../../../../local/firehose/destinations/http-endpoint';
import { createReceiver, type ReceiverAnswer } from '../../../support/http-endpoint-receiver';
import { kplAggregate } from '../../../support/kpl-encoder';
import { createWorld, encoded, PROCESSOR, SHARD } from '../harness';

const destination: HttpEndpointSpec = {
  kind: 'http-endpoint',
  bufferSizeMiB: 0.001,
  bufferIntervalSeconds: 6,
  retrySeconds: 5,
  compresses: false,
  commonAttributes: {},
  hasSecret: false,
};

/** What a request is answered with. */
type Answer = 'taken' | 'taken, and the answer is lost' | 'refused' | 'nonsense' | 'broken off';

const scenario = fc.record({
  records: fc.array(
    fc.record({
      /** Above 1, in an aggregate of the Kinesis Producer Library. */
      events: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 0, max: 900 }),
      waitMs: fc.integer({ min: 0, max: 9_000 }),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  answers: fc.array(
    fc.constantFrom<Answer>('taken', 'taken, and the answer is lost', 'refused', 'nonsense', 'broken off'),
    { maxLength: 60 },
  ),
  crashes: fc.array(fc.integer({ min: 5, max: 90 }), { maxLength: 3 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function createPlay({ answers }: Pick<Scenario, 'answers'>) {
  const queue = [...answers];
  const taken: string[] = [];
  const receiver = createReceiver();
  const wrong = (right: ReceiverAnswer): ReceiverAnswer => ({ ...right, status: 503 });
  const world = createWorld({
    spec: { destination, processor: { ...PROCESSOR, bufferSizeMiB: 0.001 } },
    destination: (clock) =>
      createHttpEndpoint(destination, {
        url: new URL('https://receiver.example/'),
        accessKey: undefined,
        deliveryStreamArn: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/click-archive',
        gzip: async (body) => gzipSync(body),
        clock,
        exchange: async ({ headers, body }) => {
          const answer = queue.shift() ?? 'taken';
          if (answer === 'broken off') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
          const length = { 'content-length': String(body.length) };
          const right = receiver.receive('POST', { ...headers, ...length }, body);
          if (answer.startsWith('taken')) taken.push(...receiver.requests.at(-1)!.records);
          if (answer === 'taken, and the answer is lost') throw new Error('lost');
          const given = answer === 'refused' ? wrong(right) : right;
          const text = answer === 'nonsense' ? '<html>' : given.body;
          return { ...given, body: Buffer.from(text), isTooLarge: false };
        },
      }),
  });
  return { world, receiver, taken };
}

describe('for any answers of a destination, and deaths of the process', () => {
  it('every record is with the destination, or in an error object, and the requests are as published', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ records, answers, crashes }) => {
        const { world, receiver, taken } = createPlay({ answers });
        const deaths = [...crashes];
        let run = await world.startMortal({}, deaths.shift());
        let created = false;
        const texts: string[] = [];
        const restartTheDead = async () => {
          while (run.life.dead()) run = await world.startMortal({}, deaths.shift());
          created ||= world.checkpoints.keys().length > 0;
        };
        for (const [index, { events, size, waitMs }] of records.entries()) {
          await restartTheDead();
          const inner = Array.from({ length: events }, (_, n) => `${index}.${n}|${'x'.repeat(size)}`);
          world.stream.put(SHARD, events > 1 ? kplAggregate(inner) : inner[0]!);
          // What arrives before the delivery stream exists is not its own.
          if (created) texts.push(...inner);
          await world.clock.advance(waitMs);
        }
        run.life.kill();
        const last = await world.start();
        await world.clock.until(last.drain());
        const status = last.status();
        await world.clock.until(last.stop());

        const kept = new Set(world.errorDocuments().map(({ rawData }) => rawData));
        const lost = texts.filter((text) => !taken.includes(`<${text}>`) && !kept.has(encoded(`<${text}>`)));
        expect(lost.map((text) => text.slice(0, 9))).toEqual([]);
        expect(receiver.violations).toEqual([]);
        expect(status).toMatchObject({ lagMs: 0, bufferedRecords: 0, bufferedBytes: 0 });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
