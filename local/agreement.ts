import { onFailurePrefix } from '../contract/bucket-prefixes';
import { uniquesFor } from '../domain/visitors/uniques';
import type { Clients } from '../emulators/clients';
import { type Agreement, compareContents } from '../reconcile/agreement';
import { readArchiveContents } from '../reconcile/archive-contents';
import { readStreamContents, type StreamSource } from '../reconcile/stream-contents';
import { dynamoLogTable } from '../table/log-table';
import { everyQuery } from '../table/queries';
import { readView } from '../table/view';
import { readObjects } from './adapters/s3-objects';
import type { Deployment } from './deployment';
import { aggregationSettings } from './endpoints-file';
import type { StreamReader } from './stream-reader';

/** Reads stream, table, archive and on-failure objects anew, each over its wire, and compares them. */
export async function verifyAgreement(
  deployment: Deployment,
  clients: Clients,
  reader: StreamReader,
): Promise<Agreement> {
  const { archive, stream, table } = deployment;
  const { uniqueVisitors, ...settings } = aggregationSettings(deployment);
  const countedWith = { ...settings, uniques: uniquesFor(uniqueVisitors) };
  const dataPrefix = archive.prefix.split('!{')[0] ?? '';
  const errorPrefix = archive.errorOutputPrefix.split('!{')[0] ?? '';
  const logTable = dynamoLogTable(clients.dynamodb, table.name);
  return compareContents(
    await readStreamContents(stream.name, streamSource(reader), countedWith),
    (await readView(everyQuery(), { table: logTable, now: Date.now })).items,
    await readArchiveContents(
      readObjects(clients.s3, archive.bucket, [dataPrefix, errorPrefix]),
      errorPrefix,
    ),
    await countOnFailure(deployment, clients),
  );
}

const recordsPerRead = 1_000;

/** A stream from its beginning, as the comparison reads it. */
export function streamSource(reader: StreamReader): StreamSource {
  return {
    shardIds: async () => (await reader.listShards()).map(({ shardId }) => shardId),
    async *read(shardId) {
      let iterator: string | undefined = await reader.getIterator(shardId, { type: 'TRIM_HORIZON' });
      while (iterator !== undefined) {
        const { records, nextIterator } = await reader.read(iterator, recordsPerRead);
        if (records.length === 0) return;
        yield records;
        iterator = nextIterator;
      }
    },
  };
}

interface OnFailureDocument {
  readonly KinesisBatchInfo: { readonly batchSize: number };
}

async function countOnFailure(deployment: Deployment, { s3 }: Clients): Promise<number> {
  const { onFailureBucket } = deployment.aggregatorMapping;
  if (onFailureBucket === undefined) return 0;
  let records = 0;
  for await (const { body } of readObjects(s3, onFailureBucket, [onFailurePrefix])) {
    records += (JSON.parse(body.toString()) as OnFailureDocument).KinesisBatchInfo.batchSize;
  }
  return records;
}
