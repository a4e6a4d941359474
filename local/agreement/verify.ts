import type { Clients } from '../../emulators/clients';
import { readObjects } from '../adapters/s3-objects';
import type { Deployment } from '../deployment';
import { aggregationSettings } from '../endpoints-file';
import type { StreamReader } from '../stream-reader';
import { type Agreement, compareContents } from './agreement';
import { readArchiveContents } from './archive-contents';
import { readStreamContents } from './stream-contents';
import { readTableContents } from './table-contents';

/** Reads stream, table, archive and on-failure objects anew, each over its wire, and compares them. */
export async function verifyAgreement(
  deployment: Deployment,
  clients: Clients,
  reader: StreamReader,
): Promise<Agreement> {
  const { archive } = deployment;
  const dataPrefix = archive.prefix.split('!{')[0] ?? '';
  const errorPrefix = archive.errorOutputPrefix.split('!{')[0] ?? '';
  return compareContents(
    await readStreamContents(deployment.stream.name, reader, aggregationSettings(deployment)),
    await readTableContents(clients.dynamodb, deployment.table.name),
    await readArchiveContents(
      readObjects(clients.s3, archive.bucket, [dataPrefix, errorPrefix]),
      errorPrefix,
    ),
    await countOnFailure(deployment, clients),
  );
}

/** What a mapping's keys begin with; a batch that was repaired has moved away from there. */
export const givenUpPrefix = 'aws/lambda/';

interface OnFailureDocument {
  readonly KinesisBatchInfo: { readonly batchSize: number };
}

async function countOnFailure(deployment: Deployment, { s3 }: Clients): Promise<number> {
  const { onFailureBucket } = deployment.aggregatorMapping;
  if (onFailureBucket === undefined) return 0;
  let records = 0;
  for await (const { body } of readObjects(s3, onFailureBucket, [givenUpPrefix])) {
    records += (JSON.parse(body.toString()) as OnFailureDocument).KinesisBatchInfo.batchSize;
  }
  return records;
}
