import { counted } from '../cli/counted';
import { SetupError } from '../cli/setup-error';
import { clockSkewMs, hourOf } from '../recover/history/archive-objects';
import type { Progress } from '../recover/progress';
import type { ArchiveConnection } from './connection';
import { type ArchivedObject, CopyInUse, openCopy } from './duckdb/archive-copy';
import type { ArrivalRange } from './duckdb/session';

export interface CopyRequest {
  readonly range: ArrivalRange;
  /** The most that is fetched. */
  readonly maxMiB: number;
}

export const defaultMaxMiB = 1024;

const mib = 1024 * 1024;

/**
 * Fetches what a range needs and the copy of the archive lacks.
 *
 * @param note told what the answers will lack, in a sentence
 * @throws SetupError if it is more than allowed; then nothing is fetched
 */
export async function bringCopy(
  { source, copyFile }: ArchiveConnection,
  { range, maxMiB }: CopyRequest,
  { progress, note }: { readonly progress: Progress; readonly note: (text: string) => void },
  signal?: AbortSignal,
): Promise<void> {
  const copy = await openCopy(copyFile).catch((error: unknown) => {
    if (!(error instanceof CopyInUse)) throw error;
    return undefined;
  });
  if (!copy)
    return note('another query has the copy of the archive open: this one sees what was fetched before');
  try {
    const plan = await copy.plan(source, (object) => mayHold(object, range));
    const bytes = plan.toFetch.reduce((sum, object) => sum + object.bytes, 0);
    if (bytes > maxMiB * mib) {
      throw new SetupError(
        `${counted(plan.toFetch.length, 'object')} of ${inMiB(bytes)} would be fetched; allowed: ${maxMiB} MiB (--max-mib), or a shorter range`,
      );
    }
    const all = `${counted(plan.toFetch.length, 'object')}, ${inMiB(bytes)}`;
    const show = (objects: number, done: number) =>
      progress.show(`Fetching ${all}: ${objects} done, ${inMiB(done)} …`);
    if (plan.toFetch.length > 0) show(0, 0);
    const passedOver = await copy.bring(plan, source, show, signal);
    if (passedOver > 0)
      note(
        `${counted(passedOver, 'line')} of the bucket ${passedOver === 1 ? 'is' : 'are'} no line of the archive, and passed over`,
      );
  } finally {
    progress.end();
    copy.close();
  }
}

/**
 * An object is filed under the hour of its oldest record, and written after its newest. Hours before the range count for
 * as long as there are objects of theirs that were written in it.
 */
function mayHold({ key, writtenAt }: ArchivedObject, { from, to }: ArrivalRange): boolean {
  const hour = hourOf(key);
  return (
    (from === undefined || writtenAt >= from - clockSkewMs) &&
    (to === undefined || hour === undefined || hour < to)
  );
}

function inMiB(bytes: number): string {
  return `${(bytes / mib).toFixed(1)} MiB`;
}
