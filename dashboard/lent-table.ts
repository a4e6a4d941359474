import { SetupError } from '../cli/setup-error';
import type { TableConnection } from '../report/connection';
import { type DynamoCalls, dynamoCalls } from '../table/dynamo-calls';

/** A table that is open while it is asked, and for a moment after. */
export interface LentTable {
  readonly calls: DynamoCalls;
  close(): Promise<void>;
}

/** The questions of a page come together; until it asks again, the table's files are whoever's else. */
const idleMs = 500;

/**
 * The table of a pipeline that others may start, stop and repair at any time. While none runs, its files are nobody's but
 * who has them open.
 *
 * @param connect called whenever the table is asked and not open: finds out anew whether a pipeline runs
 */
export function lendTable(connect: () => Promise<TableConnection>): LentTable {
  let connection: Promise<TableConnection> | undefined;
  let closing: Promise<void> = Promise.resolve();
  let users = 0;
  let timer: NodeJS.Timeout | undefined;

  const giveBack = (): void => {
    const open = connection;
    connection = undefined;
    if (open) closing = open.then(({ close }) => close()).catch(() => {});
  };
  const open = (): Promise<TableConnection> =>
    closing.then(connect).catch((error: unknown) => {
      connection = undefined;
      // Whoever holds the files, or has emptied them, is for the reader to know.
      throw error instanceof SetupError ? error : new SetupError((error as Error).message, { cause: error });
    });
  const use = async <Answer>(ask: (calls: DynamoCalls) => Promise<Answer>): Promise<Answer> => {
    clearTimeout(timer);
    users++;
    let idle = 0;
    try {
      connection ??= open();
      const { client } = await connection;
      const answer = await ask(dynamoCalls(client));
      idle = idleMs;
      return answer;
    } finally {
      users--;
      // After a failure at once: a pipeline that has ended, or begun, is found by the next question.
      if (users === 0) timer = setTimeout(giveBack, idle).unref();
    }
  };
  return {
    calls: {
      get: (input, signal) => use((calls) => calls.get(input, signal)),
      batchGet: (input, signal) => use((calls) => calls.batchGet(input, signal)),
      query: (input, signal) => use((calls) => calls.query(input, signal)),
      put: (input, signal) => use((calls) => calls.put(input, signal)),
      update: (input, signal) => use((calls) => calls.update(input, signal)),
    },
    close: async () => {
      clearTimeout(timer);
      giveBack();
      await closing;
    },
  };
}
