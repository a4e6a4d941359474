import { join } from 'node:path';
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { conversionFailedPrefix } from '../../contract/bucket-prefixes';
import { archiveColumns, conversionErrorColumns } from '../../domain/archive/columns';
import { parquetTransformerService, TransformerEnvironment } from '../../lambda/transformer/contract';
import { ageing } from '../archive-bucket';
import { BundledFunction } from '../bundled-function';
import type { ClickStream } from '../click-stream';
import { DeliveryStream, type FormatConversion } from '../delivery-stream';
import { PrivateBucket } from '../private-bucket';
import type { Settings } from '../settings';
import { ArchiveCatalog, archiveTable } from './archive-catalog';

export interface ParquetCopyProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly databaseName: string;
}

/**
 * What the archive has, once more as Parquet: a delivery stream of its own reads the stream, and converts what the
 * transformer makes. A copy for questions, from its deploy on; nothing is recovered from it. Nobody has run it yet.
 */
export class ParquetCopy extends Construct {
  readonly bucket: PrivateBucket;
  /** The same tables and views as of the archive, over the copy. */
  readonly catalog: ArchiveCatalog;
  readonly transformer: IFunction;
  readonly deliveryStreamName: string;

  constructor(scope: Construct, id: string, { settings, source, databaseName }: ParquetCopyProps) {
    super(scope, id);
    const { customerKey } = source;
    this.bucket = new PrivateBucket(this, 'Copy', {
      settings,
      customerKey,
      lifecycleRules: [ageing(settings)],
    });
    this.catalog = new ArchiveCatalog(this, 'Catalog', {
      settings,
      databaseName,
      about: 'Clicks of the Parquet copy, one place each',
      bucket: this.bucket,
      format: 'parquet',
      errors: {
        prefix: conversionFailedPrefix,
        about: 'Records that could not be converted to Parquet',
        columns: conversionErrorColumns,
      },
    });
    // Its own, so that the archive's stack is the same with and without the copy, and one can stand still alone.
    const transformer = new BundledFunction(this, 'Transformer', {
      description: 'Turns stream records into archive lines, which become Parquet',
      entry: join(__dirname, '../../lambda/transformer/handler.ts'),
      memorySize: settings.transformerMemoryMiB,
      timeout: Duration.seconds(settings.transformerTimeoutSeconds),
      reservedConcurrency: settings.transformerReservedConcurrency,
      environment: { [TransformerEnvironment.service]: parquetTransformerService },
      settings,
    });
    this.transformer = transformer.function;
    this.deliveryStreamName = new DeliveryStream(this, 'Delivery', {
      settings,
      source,
      transformer: transformer.function,
      bucket: this.bucket,
      conversion: toParquet(this.catalog),
    }).deliveryStreamName;
  }
}

/** Converts by the columns of the table, whatever they are by then: a new field's column is filled from its deploy on. */
function toParquet({ databaseName, databaseArn, archive }: ArchiveCatalog): FormatConversion {
  const stack = Stack.of(archive);
  const tableName = archiveTable;
  return {
    schema: archive,
    bind: (role) => {
      role.addToPrincipalPolicy(
        new PolicyStatement({
          actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
          // Glue looks for the permission in the table's catalogue and database as well (AWS docs: Specifying AWS Glue
          // resource ARNs).
          resources: [
            stack.formatArn({ service: 'glue', resource: 'catalog' }),
            databaseArn,
            stack.formatArn({
              service: 'glue',
              resource: 'table',
              resourceName: `${databaseName}/${tableName}`,
            }),
          ],
        }),
      );
      return {
        enabled: true,
        inputFormatConfiguration: { deserializer: { openXJsonSerDe: byExactNames } },
        outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
        schemaConfiguration: {
          catalogId: Aws.ACCOUNT_ID,
          region: stack.region,
          databaseName,
          tableName,
          roleArn: role.roleArn,
          versionId: 'LATEST',
        },
      };
    },
  };
}

/**
 * Takes members by their exact names, as the counters do, and not `Element` for `element`. This SerDe makes texts of
 * whatever stands in a column of texts; Hive's refuses an event that has an object there.
 */
const byExactNames: CfnDeliveryStream.OpenXJsonSerDeProperty = {
  caseInsensitive: false,
  columnToJsonKeyMappings: Object.fromEntries(
    archiveColumns
      .map(({ name }) => [name.toLowerCase(), name] as const)
      .filter(([column, member]) => column !== member),
  ),
};
