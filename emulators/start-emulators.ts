import type { DataDir } from './data-dir';
import { startDynamoDb } from './dynamodb';
import { startKinesis } from './kinesis';
import type { OnAnswered } from './on-answered';
import { startS3 } from './s3';
import { type Emulators, startTogether } from './start-together';

const starters = { kinesis: startKinesis, dynamodb: startDynamoDb, s3: startS3 } as const;

/** Starts all three on neighbouring ports (or on any, for port 0); if one cannot start, none is left running. */
export function startEmulators(dir: DataDir, port: number, onAnswered?: OnAnswered): Promise<Emulators> {
  return startTogether(port, (service, port) =>
    starters[service]({ port, dataDir: dir[service], onAnswered }),
  );
}
