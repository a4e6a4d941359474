import { createRequire } from 'node:module';
import type Dynalite from 'dynalite';
import { answerErrors } from './answered-errors';
import { bufferRequests } from './buffered-requests';
import { checkInput } from './checked-input';
import { closeIterators } from './close-iterators';
import type { Emulator, EmulatorOptions } from './emulator';
import { openStore } from './level-store';
import { parseInLinearTime } from './linear-expressions';
import { listen } from './listen';
import { observer } from './on-answered';
import { nextOpening } from './store-opening';

closeIterators();
parseInLinearTime();
checkInput('dynalite');
answerErrors('dynalite');
const dynalite = createRequire(__filename)('dynalite') as typeof Dynalite;

/** Starts DynamoDB (dynalite) in this process. */
export async function startDynamoDb({ port, dataDir, onAnswered }: EmulatorOptions): Promise<Emulator> {
  const server = await openStore(dataDir, async () => {
    const opening = nextOpening(dataDir);
    const started = dynalite({ path: dataDir, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await opening;
    return started;
  });
  const requests = bufferRequests(server, undefined, observer('dynamodb', onAnswered));
  const close = async () => {
    await requests.drain();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  try {
    return { endpoint: await listen(server, port, 'DynamoDB'), close };
  } catch (error) {
    await close();
    throw error;
  }
}
