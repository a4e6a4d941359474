import { readArchivedLine } from '../domain/archive/archived-line';
import { digestOf, readErrorObject } from '../domain/archive/error-object';
import { linesIn } from '../domain/archive/lines-in';

/** Where an event stands in the stream, as the archive and a ledger tell it. */
export interface EventPlace {
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** As `eventIndex` makes it. */
  readonly subSequenceNumber: number;
}

/** A place as one text. */
export function placeId({ shardId, sequenceNumber, subSequenceNumber }: EventPlace): string {
  return `${shardId} ${sequenceNumber} ${subSequenceNumber}`;
}

export interface ArchiveContents {
  /** Objects with archive lines. */
  readonly objects: number;
  readonly lines: number;
  /** The places of lines; a line that was delivered twice is in it once. */
  readonly places: ReadonlySet<string>;
  /** Of these, the places of lines that are no events. */
  readonly rejected: ReadonlySet<string>;
  /** Records under the error prefix by their digest, and how often each stands there: they have no place. */
  readonly failed: ReadonlyMap<string, number>;
}

/**
 * @param objects of the archive and of its error prefix, packed or not
 * @param errorPrefix what the keys of error objects begin with
 * @throws Error that names the object whose line is not of the archive's form
 */
export async function readArchiveContents(
  objects: AsyncIterable<{ readonly key: string; readonly body: Buffer }>,
  errorPrefix: string,
): Promise<ArchiveContents> {
  const [places, rejected] = [new Set<string>(), new Set<string>()];
  const failed = new Map<string, number>();
  let [count, lines] = [0, 0];
  for await (const { key, body } of objects) {
    if (key.startsWith(errorPrefix)) {
      for (const document of readErrorObject(body)) {
        if (!document.ok) continue;
        const digest = digestOf(document.data);
        failed.set(digest, (failed.get(digest) ?? 0) + 1);
      }
      continue;
    }
    count++;
    for (const bytes of linesIn(body)) {
      const line = readArchivedLine(bytes);
      if (!line) throw new Error(`${key} holds a line that is not of the archive's form`);
      lines++;
      places.add(placeId(line.place));
      if (line.rejected !== undefined) rejected.add(placeId(line.place));
    }
  }
  return { objects: count, lines, places, rejected, failed };
}
