import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { archiveLine } from '../../domain/archive/archive-line';
import { readRecord } from '../../domain/event/record';
import { seededRandom } from '../../domain/numbers/random';
import { busyClicks } from '../functions/clicks';
import { sequenceNumberOf } from '../functions/events';

const startsAt = Date.UTC(2026, 0, 1);
const perObject = 50_000;
const hours = 24;

/**
 * Writes an archive of a day as the delivery stream files it, every tenth object twice.
 *
 * @returns paths of the objects, by key
 */
export async function writeArchive(folder: string, events: number): Promise<Map<string, string>> {
  const random = seededRandom('archive');
  let at = startsAt;
  const clicks = busyClicks(random, () => at);
  const paths = new Map<string, string>();
  const stepMs = (hours * 3_600_000) / events;
  for (let first = 0; first < events; first += perObject) {
    const lines: Buffer[] = [];
    const hour = String(new Date(at).getUTCHours()).padStart(2, '0');
    for (let index = first; index < Math.min(first + perObject, events); index++, at += stepMs) {
      const arrivedAt = Math.floor(at);
      const [reading] = readRecord(Buffer.from(clicks.next().value), arrivedAt);
      const place = { arrivedAt, shardId: 'shardId-000000000003', subSequenceNumber: 0 };
      lines.push(archiveLine(reading!, { ...place, sequenceNumber: sequenceNumberOf(index) }));
    }
    const body = gzipSync(Buffer.concat(lines));
    for (const name of (first / perObject) % 10 === 0 ? ['object', 'again'] : ['object']) {
      const key = `events/year=2026/month=01/day=01/hour=${hour}/${name}-${first}.gz`;
      paths.set(key, join(folder, key));
      await mkdir(dirname(paths.get(key)!), { recursive: true });
      await writeFile(paths.get(key)!, body);
    }
  }
  return paths;
}
