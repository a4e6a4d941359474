import { archivePrefix } from '../../contract/bucket-prefixes';
import type { ArchivePlace } from '../../domain/archive/archive-line';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { linesIn } from '../../domain/archive/lines-in';
import { type Arrivals, objectsOf } from '../history/archive-objects';
import type { ObjectStore } from '../objects/object-store';

/** Line numbers from the first to the last, of one record. */
interface Span {
  readonly first: number;
  last: number;
}

/** Places that the archive has. Lines of one record that follow one another take no memory of their own. */
export class ArchivedPlaces {
  private readonly spans = new Map<string, Span[]>();

  add({ shardId, sequenceNumber, subSequenceNumber: index }: ArchivePlace): void {
    const record = `${shardId} ${sequenceNumber}`;
    const spans = this.spans.get(record);
    const last = spans?.at(-1);
    if (last && index === last.last + 1) last.last = index;
    else if (spans) spans.push({ first: index, last: index });
    else this.spans.set(record, [{ first: index, last: index }]);
  }

  has({ shardId, sequenceNumber, subSequenceNumber: index }: ArchivePlace): boolean {
    const spans = this.spans.get(`${shardId} ${sequenceNumber}`) ?? [];
    return spans.some(({ first, last }) => index >= first && index <= last);
  }
}

/** @param longestLagMs the stream's retention */
export async function readArchivedPlaces(
  archive: ObjectStore,
  arrivals: Arrivals,
  longestLagMs: number,
  onProgress: () => void,
): Promise<ArchivedPlaces> {
  const places = new ArchivedPlaces();
  for await (const { key } of objectsOf(archive, archivePrefix, arrivals, longestLagMs)) {
    for (const line of linesIn((await archive.get(key)) ?? Buffer.alloc(0))) {
      const place = readArchivedLine(line)?.place;
      if (place && place.arrivedAt >= arrivals.from && place.arrivedAt <= arrivals.to) places.add(place);
    }
    onProgress();
  }
  return places;
}
