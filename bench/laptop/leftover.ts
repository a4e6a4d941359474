import { createClients } from '../../emulators/clients';
import type { DataDir } from '../../emulators/data-dir';
import { startEmulators } from '../../emulators/start-emulators';
import { readAggregates } from '../../report/aggregates-reader';
import { dynamoLogTable } from '../../table/log-table';
import { readArchive } from './archive';
import { type Latencies, latenciesOf } from './latencies';

/** What the table's counters of all events come to. */
export async function countedIn(client: ReturnType<typeof createClients>['dynamodb'], tableName: string) {
  const rows = await readAggregates(
    { dimension: 'total', window: 'hour' },
    { table: dynamoLogTable(client, tableName), now: Date.now },
  );
  return rows.reduce((sum, { count }) => sum + count, 0);
}

export interface Leftover {
  readonly counted: number;
  readonly lines: number;
  readonly archived: number;
  /** By the end of each minute. */
  readonly archivedBy: readonly number[];
  readonly putToObject: Latencies | undefined;
}

/** What a stopped pipeline has in its table and its archive. */
export async function readLeftover(
  dir: DataDir,
  { region, table, buckets }: { region: string; table: string; buckets: { archive: string } },
  minutes: readonly { readonly endedAt: number }[],
  stoppedAt: number,
): Promise<Leftover> {
  const emulators = await startEmulators(dir, 0);
  const clients = createClients(emulators.endpoints, region);
  try {
    const ids = new Set<string>();
    const archivedBy = minutes.map(() => 0);
    const waits: number[] = [];
    let lines = 0;
    for await (const object of readArchive(clients.s3, buckets.archive)) {
      lines += object.lines.length;
      for (const [index, { endedAt }] of minutes.entries())
        if (object.storedAt <= endedAt) archivedBy[index]! += object.lines.length;
      for (const { id, arrivedAt } of object.lines) {
        ids.add(id);
        if (object.storedAt < stoppedAt) waits.push(object.storedAt - arrivedAt);
      }
    }
    const counted = await countedIn(clients.dynamodb, table);
    return { counted, lines, archived: ids.size, archivedBy, putToObject: latenciesOf(waits) };
  } finally {
    clients.destroy();
    await emulators.close();
  }
}
