import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A dashboard, or an assistant, opens the store of a stopped pipeline for a moment, and gives it back. */
const patienceMs = 3_000;
const tryAgainMs = 50;

/**
 * Opens a LevelDB, so that a store that cannot be opened is an error here: the emulators open theirs unattended and would
 * fail at their first request, or take the process down. One that another process has open is waited for, a while.
 *
 * @param open called again where the store is locked
 */
export async function openStore<Opened>(dataDir: string, open: () => Promise<Opened>): Promise<Opened> {
  await mkdir(dataDir, { recursive: true });
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? cause.message : message;
      if (!/IO error: lock /.test(reason))
        throw new Error(`cannot open the data in ${dataDir}: ${reason}`, { cause: error });
      if (performance.now() > end) {
        throw new Error(
          `another pipeline, or a command that reads it, is running on ${dirname(dataDir)}: stop it, or choose another --data-dir`,
          { cause: error },
        );
      }
      await sleep(tryAgainMs);
    }
  }
}
