import { readLocalPipeline } from '../cli/local-pipeline';
import { createClients } from '../local/adapters/clients';
import { readObjects } from '../local/adapters/s3-objects';
import { readArchiveContents } from '../local/agreement/archive-contents';
import { lineId, rawKey } from '../local/agreement/stream-contents';
import type { Clock } from '../producer/clock';
import type { AggregatesPort, ArchivePort } from '../producer/ledger/verify';
import { readAggregates } from '../report/aggregates-reader';

/** What the keys of error documents begin with, in the bucket of the archive. */
const errorPrefix = 'errors/';

/** Reads archive and counters of the pipeline that runs on this machine, each over its wire. */
export async function readLocalPorts(
  directory: string,
  clock: Clock,
): Promise<{ readonly archive: ArchivePort; readonly aggregates: AggregatesPort }> {
  const { region, endpoints, table, buckets } = await readLocalPipeline(directory);
  const clients = createClients(endpoints, region);
  try {
    const { lineIds, rawKeys } = await readArchiveContents(
      readObjects(clients.s3, buckets.archive, ['events/', errorPrefix]),
      errorPrefix,
    );
    const options = { client: clients.dynamodb, tableName: table, now: clock.now };
    const hourly = (dimension: string) => readAggregates({ dimension, window: 'hour' }, options);
    const invalid = await hourly('invalid');
    return {
      archive: {
        hasLine: ({ shardId, sequenceNumber, subSequenceNumber }) =>
          lineIds.has(lineId(shardId, sequenceNumber, subSequenceNumber)),
        hasRejected: (data, arrivedAt) =>
          rawKeys.has(rawKey(Buffer.from(data).toString('base64'), arrivedAt)),
      },
      aggregates: {
        validByHour: new Map((await hourly('total')).map(({ window, count }) => [window, count])),
        invalid: invalid.reduce((sum, { count }) => sum + count, 0),
      },
    };
  } finally {
    clients.destroy();
  }
}
