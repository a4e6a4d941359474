import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { type View, type ViewColumnType, views } from '../../analytics/views';
import { archivePrefix } from '../../contract/bucket-prefixes';
import { archiveColumns, type Column, partitionColumns } from '../../domain/archive/columns';
import type { PrivateBucket } from '../private-bucket';
import type { Settings } from '../settings';

export interface ArchiveCatalogProps {
  readonly settings: Settings;
  /** A name that people write in queries. */
  readonly databaseName: string;
  readonly about: string;
  readonly bucket: PrivateBucket;
  /** Of the lines of the archive in the bucket. */
  readonly format: keyof typeof formats;
  /** The error objects in the bucket, and what their keys begin with. */
  readonly errors: { readonly prefix: string; readonly about: string; readonly columns: readonly Column[] };
}

/** The table of the archive's lines. */
export const archiveTable = 'archive';

const hive = 'org.apache.hadoop.hive.ql.io';

/** How Athena reads objects, and what Glue calls them. Error objects are lines whatever the rest is. */
const formats = {
  json: {
    classification: 'json',
    compressed: true,
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: `${hive}.HiveIgnoreKeyTextOutputFormat`,
    // Not the OpenX one, of which Athena's documentation says that it may give more or fewer rows.
    serde: 'org.apache.hive.hcatalog.data.JsonSerDe',
  },
  parquet: {
    classification: 'parquet',
    compressed: false,
    inputFormat: `${hive}.parquet.MapredParquetInputFormat`,
    outputFormat: `${hive}.parquet.MapredParquetOutputFormat`,
    serde: `${hive}.parquet.serde.ParquetHiveSerDe`,
  },
} as const;

/** What the columns of a table are called in Glue, and in Trino, whose words a view is kept in. */
const hiveTypes: Readonly<Record<ViewColumnType, string>> = {
  text: 'string',
  integer: 'bigint',
  boolean: 'boolean',
  time: 'timestamp',
};
const trinoTypes: Readonly<Record<ViewColumnType, string>> = {
  text: 'varchar',
  integer: 'bigint',
  boolean: 'boolean',
  time: 'timestamp(3)',
};

/**
 * The archive as tables: `archive` and `errors` over the objects, and the views that `npm run query` has too. Nothing runs:
 * Athena works out an object's folder from the hour (partition projection), so no crawler looks for new ones.
 */
export class ArchiveCatalog extends Construct {
  readonly databaseName: string;
  readonly databaseArn: string;
  /** Tables and views. */
  readonly tableNames: readonly string[];
  /** The table of the archive's lines. */
  readonly archive: CfnTable;

  constructor(scope: Construct, id: string, props: ArchiveCatalogProps) {
    super(scope, id);
    const { settings, databaseName, about: aboutDatabase, bucket, format, errors } = props;
    this.databaseName = databaseName;
    this.databaseArn = Stack.of(this).formatArn({
      service: 'glue',
      resource: 'database',
      resourceName: this.databaseName,
    });
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.databaseName, description: aboutDatabase },
    });

    const addTable = (
      name: string,
      about: string,
      prefix: string,
      columns: readonly Column[],
      {
        classification,
        compressed,
        inputFormat,
        outputFormat,
        serde,
      }: (typeof formats)[keyof typeof formats],
    ): CfnTable => {
      const location = `s3://${bucket.bucketName}/${prefix}`;
      const table = new CfnTable(this, name, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: this.databaseName,
        tableInput: {
          name,
          description: about,
          tableType: 'EXTERNAL_TABLE',
          parameters: { EXTERNAL: 'TRUE', classification, ...projection(location, settings) },
          partitionKeys: partitionColumns.map(glueColumn),
          storageDescriptor: {
            location,
            columns: columns.map(glueColumn),
            compressed,
            inputFormat,
            outputFormat,
            serdeInfo: { serializationLibrary: serde },
          },
        },
      });
      table.addResourceDependency(database);
      return table;
    };
    this.archive = addTable(
      archiveTable,
      'Every line of the archive',
      archivePrefix,
      archiveColumns,
      formats[format],
    );
    const made = [
      this.archive,
      addTable('errors', errors.about, errors.prefix, errors.columns, formats.json),
    ];

    this.tableNames = [archiveTable, 'errors', ...views.map(({ name }) => name)];
    let before = made;
    for (const view of views) {
      const table = this.addView(view);
      // Athena does not ask for it, but nobody sees a view of something that is not there yet.
      for (const one of before) table.addResourceDependency(one);
      before = [table];
    }
  }

  private addView({ name, about, columns, sql }: View): CfnTable {
    const definition = {
      originalSql: sql,
      catalog: 'awsdatacatalog',
      schema: this.databaseName,
      columns: columns.map((column) => ({ name: column.name.toLowerCase(), type: trinoTypes[column.type] })),
    };
    return new CfnTable(this, name, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.databaseName,
      tableInput: {
        name,
        description: about,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        storageDescriptor: {
          location: '',
          columns: columns.map(({ name: column, type }) => ({
            name: column.toLowerCase(),
            type: hiveTypes[type],
          })),
          serdeInfo: {},
        },
        viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
        viewExpandedText: '/* Presto View */',
      },
    });
  }
}

/** Names in Glue are of small letters; the SerDe passes over the case of a member. */
function glueColumn({ name, type }: Column): CfnTable.ColumnProperty {
  return { name: name.toLowerCase(), type: hiveTypes[type] };
}

/** Before it no pipeline of this kind was deployed, so that there are no objects. */
const firstYear = 2026;

/**
 * Where objects lie, hour by hour (AWS docs: Partition projection). Whole numbers know no "until now": a query without a
 * bound on `year` looks for every hour up to the last year, in vain for those to come.
 */
function projection(location: string, { analyticsLastYear }: Settings): Record<string, string> {
  const ranges = { year: `${firstYear},${analyticsLastYear}`, month: '1,12', day: '1,31', hour: '0,23' };
  const ofColumns = Object.entries(ranges).flatMap(([name, range]) => [
    [`projection.${name}.type`, 'integer'],
    [`projection.${name}.range`, range],
    ...(name === 'year' ? [] : [[`projection.${name}.digits`, '2']]),
  ]);
  const folder = partitionColumns.map(({ name }) => `${name}=\${${name}}`).join('/');
  return {
    'projection.enabled': 'true',
    'storage.location.template': `${location}${folder}/`,
    ...Object.fromEntries(ofColumns),
  };
}
