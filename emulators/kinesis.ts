import { createRequire } from 'node:module';
import type Kinesalite from 'kinesalite';
import { answerErrors } from './answered-errors';
import { bufferRequests } from './buffered-requests';
import { checkInput } from './checked-input';
import type { Emulator, EmulatorOptions } from './emulator';
import { keepFewFilesOpen } from './few-open-files';
import { openStore } from './level-store';
import { listen } from './listen';
import { observer } from './on-answered';
import { reshardOnce } from './reshard-once';
import { endShardsWithTheirRecords } from './shard-end';
import { correctTimestampIterator } from './timestamp-iterator';

correctTimestampIterator();
reshardOnce();
checkInput('kinesalite');
endShardsWithTheirRecords();
keepFewFilesOpen();
answerErrors('kinesalite');
const kinesalite = createRequire(__filename)('kinesalite') as typeof Kinesalite;

/** As many as AWS gives an account in its large Regions; kinesalite's own default is 10. */
const shardLimit = 20_000;

/** kinesalite answers a bare 413 to a longer body, where AWS takes 10 MiB of records: 14 MB as JSON. */
const longestBodyOfKinesalite = 7 * 1024 * 1024;

interface LevelDown {
  open(callback: (error: Error | null | undefined) => void): void;
  close(callback: (error: Error | null | undefined) => void): void;
}

/** Starts Kinesis Data Streams (kinesalite) in this process. */
export async function startKinesis({ port, dataDir, onAnswered }: EmulatorOptions): Promise<Emulator> {
  await openStore(dataDir, () => openAndClose(dataDir));
  // States change at once, so that a kill in mid-creation, which would leave a stream in it, is unlikely.
  const server = kinesalite({
    path: dataDir,
    shardLimit,
    createStreamMs: 0,
    deleteStreamMs: 0,
    updateStreamMs: 0,
  });
  const requests = bufferRequests(server, presentBody, observer('kinesis', onAnswered));
  const close = async () => {
    await requests.drain();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  try {
    return { endpoint: await listen(server, port, 'Kinesis'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** kinesalite checks the length of what it is given and then only reads it as text: a long body comes as such. */
function presentBody(body: Buffer): unknown {
  if (body.length <= longestBodyOfKinesalite) return body;
  return { length: longestBodyOfKinesalite, toString: () => body.toString() };
}

async function openAndClose(dataDir: string): Promise<void> {
  // kinesalite's own binding: two bindings in one process would release each other's locks.
  const leveldown = createRequire(require.resolve('kinesalite'))('leveldown') as (path: string) => LevelDown;
  const store = leveldown(dataDir);
  for (const step of ['open', 'close'] as const) {
    await new Promise<void>((resolve, reject) => store[step]((error) => (error ? reject(error) : resolve())));
  }
}
