import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
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
    const { 'Fn::ImportValue': exportName } = stack.resolve(bucketArn);
    const objects = [archivePrefix, processingFailedPrefix].map((prefix) => `/${prefix}*`);
    const catalogs = [catalog, ...(copy ? [copy.catalog] : [])];
    const copied = [archivePrefix, conversionFailedPrefix].map((prefix) => `/${prefix}*`);
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
          resources: [
            ...objects.map((key) => `${bucketArn}${key}`),
            ...(copy ? copied.map((key) => `${copy.bucket.bucketArn}${key}`) : []),
          ],
        }),
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket'],
          resources: [bucketArn, ...(copy ? [copy.bucket.bucketArn] : [])],
        }),
      ],
    });
    const decrypt = archive.keyStatement(['kms:Decrypt']);
    if (decrypt) this.addStatements(decrypt);

    const exact = copy && stack.getLogicalId(copy.bucket.node.defaultChild as CfnBucket);
    for (const key of copied) {
      if (exact === undefined) break;
      Validations.of(this).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${exact}.Arn>${key}]`,
        reason:
          'The rest of a key is made by Firehose; the copy and what is missing from it are all that is read.',
      });
    }
    for (const key of objects) {
      Validations.of(this).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${exportName}${key}]`,
        reason: 'The rest of a key is made by Firehose; the archive and its errors are all that is read.',
      });
    }
  }
}
