import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Opens a LevelDB once and closes it, so that a store that cannot be opened is an error here: the emulators
 * open theirs unattended and would fail at their first request, or take the process down.
 */
export async function checkStore(dataDir: string, openAndClose: () => Promise<void>): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  try {
    await openAndClose();
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    if (/IO error: lock /.test(reason)) {
      throw new Error(
        `another pipeline, or a command that reads it, is running on ${dirname(dataDir)}: stop it, or choose another --data-dir`,
        {
          cause: error,
        },
      );
    }
    throw new Error(`cannot open the data in ${dataDir}: ${reason}`, { cause: error });
  }
}
