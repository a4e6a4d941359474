import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { endpointsFileName } from '../cli/local-pipeline';
import { plainReason } from '../cli/plain-reason';
import { SetupError } from '../cli/setup-error';

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
  readonly alarmsFile: string;
  /** Copies of the archive for `npm run query`. */
  readonly queries: string;
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
    alarmsFile: join(root, 'alarms.json'),
    queries: join(root, 'queries'),
  };
}

/** Nobody but its owner may look into the folder, or put anything there. */
const ownerOnly = 0o700;

/**
 * Makes the folder if it is missing, marks it as the pipeline's own, and closes it to other users. Throws a `SetupError`
 * for a folder that holds something else, is another user's, or cannot be made.
 */
export async function claimDataDir(dir: DataDir): Promise<void> {
  try {
    await mkdir(dir.path, { recursive: true, mode: ownerOnly });
    const present = await readdir(dir.path);
    const isOwn = present.includes(marker);
    if (!isOwn && present.length > 0) {
      throw new SetupError(
        `--data-dir ${dir.path} holds other files; allowed: a new or empty folder, or one of the pipeline`,
      );
    }
    await closeToOthers(dir);
    await hideFromTools(dir.path);
    if (isOwn) return;
    const words =
      'State of the click-stream pipeline on this machine. Safe to delete while it is not running.\n';
    await writeFile(join(dir.path, marker), words);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`--data-dir ${dir.path} cannot be used: ${plainReason(error)}`, {
      cause: error,
    });
  }
}

/** Within a checkout of anything, git, and linters that go by it, pass over the folder. */
export async function hideFromTools(folder: string): Promise<void> {
  await writeFile(join(folder, '.gitignore'), '*\n');
}

async function closeToOthers(dir: DataDir): Promise<void> {
  const user = process.getuid?.();
  // Windows has neither owners of this kind nor modes.
  if (user === undefined) return;
  const { uid } = await stat(dir.path);
  if (uid !== user) {
    throw new SetupError(
      `--data-dir ${dir.path} belongs to another user (${uid}); allowed: a folder of your own`,
    );
  }
  await chmod(dir.path, ownerOnly);
}

/** Removes the state of earlier runs, and nothing else. Throws an error if a pipeline is running on it. */
export async function emptyDataDir(dir: DataDir): Promise<void> {
  if (existsSync(dir.kinesis)) await refuseIfRunning(dir);
  const { path: _root, assembly: _inUse, ...state } = dir;
  await Promise.all(Object.values(state).map((path) => rm(path, { recursive: true, force: true })));
}

/** The stream's store can be open once only. */
async function refuseIfRunning(dir: DataDir): Promise<void> {
  const { startKinesis } = await import('./kinesis');
  const emulator = await startKinesis({ port: 0, dataDir: dir.kinesis });
  await emulator.close();
}

/** A reader sees the old file or the new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
