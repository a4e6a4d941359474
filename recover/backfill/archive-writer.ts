import { archivePrefix } from '../../contract/bucket-prefixes';
import { type ArchivePlace, archiveLine } from '../../domain/archive/archive-line';
import type { Reading } from '../../domain/event/record';
import { hourFolder } from '../history/archive-objects';
import type { ObjectStore } from '../objects/object-store';

/** Before compression. */
const objectBytes = 8 * 1024 * 1024;

/** Writes lines of one shard into the archive, each below the hour of its arrival. */
export class ArchiveWriter {
  lines = 0;
  objects = 0;
  private open: Buffer[] = [];
  private bytes = 0;
  private folder = '';
  private name = '';

  /** @param archive undefined to count only */
  constructor(private readonly archive: ObjectStore | undefined) {}

  async add(reading: Reading, place: ArchivePlace): Promise<void> {
    const folder = hourFolder(place.arrivedAt);
    if (folder !== this.folder || this.bytes >= objectBytes) await this.flush();
    if (this.open.length === 0) {
      const { shardId, sequenceNumber, subSequenceNumber } = place;
      this.folder = folder;
      // The same lines always get the same name.
      this.name = `backfill-${shardId}-${sequenceNumber}-${subSequenceNumber}.gz`;
    }
    const line = archiveLine(reading, place);
    this.open.push(line);
    this.bytes += line.length;
    this.lines++;
  }

  async flush(): Promise<void> {
    if (this.open.length === 0) return;
    const key = `${archivePrefix}${this.folder}${this.name}`;
    await this.archive?.putGzip(key, Buffer.concat(this.open, this.bytes));
    this.objects++;
    this.open = [];
    this.bytes = 0;
  }
}
