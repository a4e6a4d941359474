import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import { type PutOutcome, putAll } from '../../../producer/client/put-all';
import type { RequestResult } from '../../../producer/client/put-records';

const records = ['a', 'b', 'c'].map(
  (name): OutgoingEvent => ({ data: Buffer.from(name), partitionKey: name }),
);
const ok = { ok: true, shardId: 'shard', sequenceNumber: '1' } as const;
const throttled = { ok: false, code: 'ProvisionedThroughputExceededException', message: '' } as const;
const answered = (...entries: (typeof ok | typeof throttled)[]): RequestResult => ({
  kind: 'answered',
  httpStatus: 200,
  entries,
});
const error = (name: string) => Object.assign(new Error(), { name });

/** Answers in turn, the last one for ever. */
async function put(
  ...answers: RequestResult[]
): Promise<{ sent: string[]; outcome: PutOutcome; ms: number }> {
  const sent: string[] = [];
  let at = 0;
  const outcome = await putAll(records, 4_000, {
    put: async (missing) => {
      sent.push(missing.map(({ partitionKey }) => partitionKey).join(''));
      return answers[sent.length - 1] ?? answers.at(-1)!;
    },
    sleep: async (ms) => {
      at += ms;
    },
    random: () => 1,
    now: () => at,
  });
  return { sent, outcome, ms: at };
}

describe('Putting records', () => {
  it('sends again only those that Kinesis has not taken', async () => {
    const { sent, outcome } = await put(
      answered(ok, throttled, throttled),
      answered(throttled, ok),
      answered(ok),
    );
    expect(sent).toEqual(['abc', 'bc', 'b']);
    expect(outcome).toEqual({ kind: 'accepted' });
  });

  it('gives up in time, and says that nothing can have arrived where that is so', async () => {
    const { sent, outcome, ms } = await put(answered(throttled, throttled, throttled));
    expect(sent.length).toBeGreaterThan(3);
    expect(ms).toBeLessThan(4_000);
    expect(outcome).toEqual({ kind: 'failed', because: throttled.code, mayHaveArrived: false });
  });

  it.each([
    ['some were acknowledged', [answered(ok, throttled, throttled), answered(throttled, throttled)]],
    [
      'a request had no answer',
      [
        { kind: 'retry', error: error('TimeoutError'), mayHaveArrived: true } as const,
        answered(throttled, throttled, throttled),
      ],
    ],
  ])('says that some may have arrived where %s', async (_, answers) => {
    expect((await put(...answers)).outcome).toMatchObject({ kind: 'failed', mayHaveArrived: true });
  });

  it('does not repeat what would be refused again', async () => {
    const { sent, outcome } = await put({ kind: 'refused', error: error('AccessDeniedException') });
    expect(sent).toEqual(['abc']);
    expect(outcome).toEqual({ kind: 'failed', because: 'AccessDeniedException', mayHaveArrived: false });
  });

  it('goes on when the connection comes back', async () => {
    const { sent, outcome } = await put(
      { kind: 'unreachable', error: error('ECONNREFUSED') },
      answered(ok, ok, ok),
    );
    expect(sent).toEqual(['abc', 'abc']);
    expect(outcome.kind).toBe('accepted');
  });
});
