import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { endpointsFileName } from '../cli/local-pipeline';
import { SetupError } from '../cli/setup-error';
import { startKinesis } from './emulators/kinesis';

/** The laptop's state on disk. */
export interface DataDir {
  readonly path: string;
  readonly kinesis: string;
  readonly dynamodb: string;
  readonly s3: string;
  readonly checkpoints: string;
  readonly logs: string;
  readonly assembly: string;
  readonly endpointsFile: string;
  readonly environmentFile: string;
  readonly failedEvents: string;
}

/** Says that a folder is the pipeline's own, so that `--fresh` never empties another. */
const marker = 'clickstream-pipeline';

export function dataDirAt(path: string): DataDir {
  const root = resolve(path);
  return {
    path: root,
    kinesis: join(root, 'kinesis'),
    dynamodb: join(root, 'dynamodb'),
    s3: join(root, 's3'),
    checkpoints: join(root, 'checkpoints'),
    logs: join(root, 'logs'),
    assembly: join(root, 'cdk.out'),
    endpointsFile: join(root, endpointsFileName),
    environmentFile: join(root, 'aws-env.sh'),
    failedEvents: join(root, 'failed-events.ndjson'),
  };
}

/**
 * Makes the folder if it is missing, and empties it if asked to. Throws a `SetupError` for a folder that holds
 * something else, and an error for one on which a pipeline is running.
 */
export async function prepareDataDir(dir: DataDir, fresh: boolean): Promise<void> {
  await mkdir(dir.path, { recursive: true });
  const present = await readdir(dir.path);
  if (present.length > 0 && !present.includes(marker)) {
    throw new SetupError(
      `--data-dir ${dir.path} holds other files; allowed: a new or empty folder, or one of the pipeline`,
    );
  }
  if (fresh && present.includes('kinesis')) await refuseIfRunning(dir);
  if (fresh) {
    // The marker stays, so that a folder that was emptied only in part is still known for the pipeline's.
    const state = present.filter((name) => name !== marker);
    await Promise.all(state.map((name) => rm(join(dir.path, name), { recursive: true, force: true })));
  }
  await writeFile(
    join(dir.path, marker),
    'State of the click-stream pipeline on this machine. Safe to delete while it is not running.\n',
  );
}

/** The stream's store can be open once only. */
async function refuseIfRunning(dir: DataDir): Promise<void> {
  const emulator = await startKinesis({ port: 0, dataDir: dir.kinesis });
  await emulator.close();
}
