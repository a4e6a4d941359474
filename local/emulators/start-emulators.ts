import type { Endpoints } from '../adapters/clients';
import type { DataDir } from '../data-dir';
import { startDynamoDb } from './dynamodb';
import type { Emulator } from './emulator';
import { startKinesis } from './kinesis';
import { startS3 } from './s3';

export interface Emulators {
  readonly endpoints: Endpoints;
  close(): Promise<void>;
}

/** Starts all three on neighbouring ports (or on any, for port 0); if one cannot start, none is left running. */
export async function startEmulators(dir: DataDir, port: number): Promise<Emulators> {
  const portOf = (index: number): number => (port === 0 ? 0 : port + index);
  const started = await Promise.allSettled([
    startKinesis({ port: portOf(0), dataDir: dir.kinesis }),
    startDynamoDb({ port: portOf(1), dataDir: dir.dynamodb }),
    startS3({ port: portOf(2), dataDir: dir.s3 }),
  ]);
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(running.map((emulator) => emulator.close()));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await close();
    throw failure.reason;
  }
  const [kinesis, dynamodb, s3] = running as [Emulator, Emulator, Emulator];
  return {
    endpoints: { kinesis: kinesis.endpoint, dynamodb: dynamodb.endpoint, s3: s3.endpoint },
    close,
  };
}
