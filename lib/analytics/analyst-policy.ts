import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  archivePrefix,
  conversionFailedPrefix,
  processingFailedPrefix,
} from '../../contract/bucket-prefixes';
import type { ArchiveBucket } from '../archive-bucket';
import type { ArchiveCatalog } from './archive-catalog';
import type { ParquetCopy } from './parquet-copy';

export interface AnalystPolicyProps {
  readonly catalog: ArchiveCatalog;
  readonly archive: ArchiveBucket;
  /** Undefined where there is none. */
  readonly copy: ParquetCopy | undefined;
  readonly workGroup: CfnWorkGroup;
}

/** What somebody needs who asks, to be attached to a role of people: nothing can be written with it but queries. */
export class AnalystPolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string, { catalog, archive, copy, workGroup }: AnalystPolicyProps) {
    const stack = Stack.of(scope);
    const glue = (resource: string, resourceName?: string): string =>
      stack.formatArn({ service: 'glue', resource, ...(resourceName ? { resourceName } : {}) });
    // By the name of the export, which a security rule's acknowledgement has to name.
    const bucketArn = Stack.of(archive).exportValue(archive.bucketArn);
    const ofArchive = { bucket: archive, bucketArn, prefixes: [archivePrefix, processingFailedPrefix] };
    const ofCopy = copy && {
      ...{ bucket: copy.bucket, bucketArn: copy.bucket.bucketArn },
      prefixes: [archivePrefix, conversionFailedPrefix],
    };
    const read = [ofArchive, ...(ofCopy ? [ofCopy] : [])];
    const catalogs = [catalog, ...(copy ? [copy.catalog] : [])];
    super(scope, id, {
      description: 'Asks the click archive in SQL',
      statements: [
        new PolicyStatement({
          actions: [
            'athena:BatchGetNamedQuery',
            'athena:BatchGetQueryExecution',
            'athena:GetNamedQuery',
            'athena:GetQueryExecution',
            'athena:GetQueryResults',
            'athena:GetQueryResultsStream',
            'athena:GetWorkGroup',
            'athena:ListNamedQueries',
            'athena:ListQueryExecutions',
            'athena:StartQueryExecution',
            'athena:StopQueryExecution',
          ],
          resources: [
            stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: workGroup.name }),
          ],
        }),
        new PolicyStatement({
          actions: [
            'glue:GetDatabase',
            'glue:GetPartition',
            'glue:GetPartitions',
            'glue:GetTable',
            'glue:GetTables',
          ],
          resources: [
            glue('catalog'),
            ...catalogs.flatMap(({ databaseArn, databaseName, tableNames }) => [
              databaseArn,
              ...tableNames.map((table) => glue('table', `${databaseName}/${table}`)),
            ]),
          ],
        }),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: read.flatMap(({ bucketArn: arn, prefixes }) =>
            prefixes.map((prefix) => `${arn}/${prefix}*`),
          ),
        }),
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket'],
          resources: read.map(({ bucketArn: arn }) => arn),
        }),
      ],
    });
    const decrypt = archive.keyStatement(['kms:Decrypt']);
    if (decrypt) this.addStatements(decrypt);

    for (const { bucket, prefixes } of read) {
      for (const prefix of prefixes) {
        Validations.of(this).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${bucket.nameIn(this)}/${prefix}*]`,
          reason: 'The rest of a key is made by Firehose; lines and what failed are all that is read.',
        });
      }
    }
  }
}
