import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { lendTable } from '../../dashboard/lent-table';
import type { TableConnection } from '../../report/connection';

/** What happened to connections, in order, and what a question to one is answered with. */
function lent({ fails = [] as string[] } = {}) {
  const events: string[] = [];
  let [connections, closings] = [0, Promise.resolve()];
  let send: () => Promise<object> = async () => ({});
  const connect = async (): Promise<TableConnection> => {
    const failure = fails.shift();
    if (failure !== undefined) throw new Error(failure);
    const number = ++connections;
    events.push(`open ${number}`);
    return {
      client: { send: () => send() } as unknown as DynamoDBClient,
      tableName: 'table-1',
      context: { target: 'table table-1', permissions: 'none' },
      close: async () => {
        await closings;
        events.push(`close ${number}`);
      },
    };
  };
  return {
    ...{ events, table: lendTable(connect) },
    answer: (next: typeof send) => {
      send = next;
    },
    closeWhen: (when: Promise<void>) => {
      closings = when;
    },
  };
}

/** A promise that is kept when the test says so. */
function promised<Value>() {
  let keep: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}

const ask = ({ table }: ReturnType<typeof lent>) => table.calls.query({ TableName: 'table-1' });

describe('A table that is lent', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is opened once for questions that come together, and given back when nobody asks any more', async () => {
    const one = lent();
    await Promise.all([ask(one), ask(one)]);
    await jest.advanceTimersByTimeAsync(400);
    await ask(one);
    await jest.advanceTimersByTimeAsync(400);
    expect(one.events).toEqual(['open 1']);
    await jest.advanceTimersByTimeAsync(100);
    expect(one.events).toEqual(['open 1', 'close 1']);
  });

  it('is not given back while an answer takes its time', async () => {
    const one = lent();
    const { promise, keep: finish } = promised<object>();
    one.answer(() => promise);
    const slow = ask(one);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(one.events).toEqual(['open 1']);
    finish({ Count: 7 });
    expect(await slow).toEqual({ Count: 7 });
  });

  it('is opened anew only once it is given back', async () => {
    const one = lent();
    const { promise, keep: givenBack } = promised<void>();
    one.closeWhen(promise);
    await ask(one);
    await jest.advanceTimersByTimeAsync(500);
    const next = ask(one);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(one.events).toEqual(['open 1']);
    givenBack();
    await next;
    expect(one.events).toEqual(['open 1', 'close 1', 'open 2']);
  });

  it('says who has it, and is looked for again by the next question', async () => {
    const one = lent({ fails: ['another pipeline is running on .local'] });
    await expect(ask(one)).rejects.toMatchObject({
      name: 'SetupError',
      message: 'another pipeline is running on .local',
    });
    await ask(one);
    one.answer(async () => {
      throw new Error('ECONNREFUSED');
    });
    await expect(ask(one)).rejects.toThrow('ECONNREFUSED');
    one.answer(async () => ({}));
    await jest.advanceTimersByTimeAsync(0);
    await ask(one);
    expect(one.events).toEqual(['open 1', 'close 1', 'open 2']);
  });

  it('is closed for good without waiting', async () => {
    const one = lent();
    await ask(one);
    await one.table.close();
    expect(one.events).toEqual(['open 1', 'close 1']);
  });
});
