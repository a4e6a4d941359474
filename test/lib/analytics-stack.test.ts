import { Template } from 'aws-cdk-lib/assertions';
import { views } from '../../analytics/views';
import { archiveColumns, partitionColumns } from '../../domain/archive/columns';
import {
  buildApp,
  only,
  type Resource,
  resourcesOf,
  type Template as TemplateJson,
  templatesOf,
} from './deployment';
import { dimensionsOf, explainedAlarms } from './opt-in-stack';
import { redacted } from './redacted';

const context = {
  analytics: true,
  notebook: true,
  athenaScanLimitGiB: 7,
  analyticsLastYear: 2031,
  logRetentionDays: 14,
};
const { app, pipeline } = buildApp(context);
const template = Template.fromStack(pipeline.analytics!).toJSON() as TemplateJson;
const parquet = Template.fromStack(
  buildApp({ ...context, parquet: true, transformerBufferSeconds: 17, archiveBufferSeconds: 71 }).pipeline
    .analytics!,
).toJSON() as TemplateJson;
const resources = Object.values(template.Resources);
const ofType = (type: string): Resource[] => resources.filter(({ Type }) => Type === type);
const table = (name: string) =>
  ofType('AWS::Glue::Table')
    .map(({ Properties }) => Properties.TableInput)
    .find(({ Name }) => Name === name);

describe('the stack of analytics', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('and as it was without the Parquet copy', () => {
    const withCopy = parquet.Resources;
    for (const [id, resource] of Object.entries(template.Resources)) {
      // The policy of analysts is about both.
      if (resource.Type !== 'AWS::IAM::ManagedPolicy') expect(withCopy[id]).toEqual(resource);
    }
  });

  it('is there only if it is asked for, and its coming and going changes no other stack', () => {
    expect(app.node.children.map(({ node }) => node.id)).toContain('clickstream-dev-analytics');
    expect(buildApp().pipeline.analytics).toBeUndefined();
    const { stream, aggregation, archive } = templatesOf({ logRetentionDays: 14 });
    const withIt = templatesOf(context);
    expect(withIt.stream).toEqual(stream);
    expect(withIt.aggregation).toEqual(aggregation);
    expect(withIt.archive).toEqual(archive);
  });

  it('has the archive with every column of its lines, in folders of hours', () => {
    const archive = table('archive');
    expect(archive.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name)).toEqual(
      archiveColumns.map(({ name }) => name.toLowerCase()),
    );
    expect(archive.PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(
      partitionColumns.map(({ name }) => name),
    );
    expect(archive.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.year.range': '2026,2031',
      'projection.month.digits': '2',
      'projection.hour.range': '0,23',
      'projection.hour.digits': '2',
    });
    const folder = partitionColumns.map(({ name }) => `${name}=$\{${name}}/`).join('');
    expect(JSON.stringify(archive.Parameters['storage.location.template'])).toContain(`events/${folder}`);
    expect(archive.StorageDescriptor.SerdeInfo.SerializationLibrary).toBe(
      'org.apache.hive.hcatalog.data.JsonSerDe',
    );
  });

  it.each(views)('has the view $name as Athena keeps one', ({ name, sql, columns }) => {
    const view = table(name);
    const [, encoded] = /^\/\* Presto View: (\S+) \*\/$/.exec(view.ViewOriginalText)!;
    expect(JSON.parse(Buffer.from(encoded!, 'base64').toString())).toMatchObject({
      originalSql: sql,
      catalog: 'awsdatacatalog',
      schema: 'clickstream_dev',
    });
    expect(view).toMatchObject({ TableType: 'VIRTUAL_VIEW', Parameters: { presto_view: 'true' } });
    expect(view.StorageDescriptor.Columns).toHaveLength(columns.length);
  });

  it('bounds what a query may read, and keeps its answers in no bucket', () => {
    const [workGroup] = ofType('AWS::Athena::WorkGroup');
    expect(workGroup!.Properties.WorkGroupConfiguration).toEqual({
      EnforceWorkGroupConfiguration: true,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      BytesScannedCutoffPerQuery: 7 * 1024 ** 3,
      ManagedQueryResultsConfiguration: { Enabled: true },
      PublishCloudWatchMetricsEnabled: false,
    });
  });

  it('lets an analyst read, and write nothing', () => {
    const [policy] = ofType('AWS::IAM::ManagedPolicy');
    const actions = policy!.Properties.PolicyDocument.Statement.flatMap(
      ({ Action }: { Action: string }) => Action,
    );
    expect(
      actions.filter((action: string) => !/:(BatchGet|Get|List|StartQuery|StopQuery)/.test(action)),
    ).toEqual([]);
  });

  it('has a notebook with the connector that the API leaves out', () => {
    const [notebook] = ofType('AWS::KinesisAnalyticsV2::Application');
    expect(notebook!.Properties).toMatchObject({
      ApplicationMode: 'INTERACTIVE',
      RuntimeEnvironment: 'ZEPPELIN-FLINK-3_0',
    });
    expect(JSON.stringify(notebook)).toContain('flink-sql-connector-kinesis');
    expect(() => buildApp({ notebook: true })).toThrow(
      'notebook: true is not allowed; allowed is false without analytics',
    );
  });
});

describe('The Parquet copy', () => {
  const [deliveryId, delivery] = only(parquet, 'AWS::KinesisFirehose::DeliveryStream');
  const destination = delivery.Properties.ExtendedS3DestinationConfiguration;
  const tables = resourcesOf(parquet, 'AWS::Glue::Table');
  const copyTable = (name: string) =>
    tables.find(
      ([, { Properties }]) =>
        Properties.DatabaseName === 'clickstream_dev_parquet' && Properties.TableInput.Name === name,
    )!;

  it('is as reviewed', () => {
    const { Resources, ...rest } = parquet;
    // The views are those of the archive, which another test says.
    const isView = ({ Properties }: Resource) => Properties.TableInput?.TableType === 'VIRTUAL_VIEW';
    const added = Object.entries(Resources).filter(
      ([id, resource]) => template.Resources[id] === undefined && !isView(resource),
    );
    expect(redacted({ ...rest, Resources: Object.fromEntries(added) })).toMatchSnapshot();
  });

  it('is converted by Firehose under the conditions that it has: no compression beside, and a large buffer', () => {
    expect(destination.CompressionFormat).toBe('UNCOMPRESSED');
    expect(destination.BufferingHints).toEqual({ IntervalInSeconds: 71, SizeInMBs: 128 });
    expect(destination.ErrorOutputPrefix).toContain('errors/!{firehose:error-output-type}/');
    expect(destination.DataFormatConversionConfiguration).toMatchObject({
      Enabled: true,
      OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
      SchemaConfiguration: {
        DatabaseName: 'clickstream_dev_parquet',
        TableName: 'archive',
        RoleARN: delivery.Properties.KinesisStreamSourceConfiguration.RoleARN,
      },
    });
  });

  it('has each member in the column of its name in small letters, and takes no other for it', () => {
    const { CaseInsensitive, ColumnToJsonKeyMappings } =
      destination.DataFormatConversionConfiguration.InputFormatConfiguration.Deserializer.OpenXJsonSerDe;
    expect(CaseInsensitive).toBe(false);
    const columns: string[] = copyTable('archive')[1].Properties.TableInput.StorageDescriptor.Columns.map(
      ({ Name }: { Name: string }) => Name,
    );
    expect(columns.map((column) => ColumnToJsonKeyMappings[column] ?? column)).toEqual(
      archiveColumns.map(({ name }) => name),
    );
  });

  it('is made when its table and its permissions are there, since Firehose looks for them at once', () => {
    const [policyId] = resourcesOf(parquet, 'AWS::IAM::Policy').find(([id]) => id.includes('Delivery'))!;
    expect(parquet.Resources[deliveryId]!.DependsOn).toEqual(
      expect.arrayContaining([policyId, copyTable('archive')[0]]),
    );
  });

  it('lets its delivery stream read its schema, and no other table', () => {
    const [, policy] = resourcesOf(parquet, 'AWS::IAM::Policy').find(([id]) => id.includes('Delivery'))!;
    const statements = policy.Properties.PolicyDocument.Statement as {
      Action: string[];
      Resource: object[];
    }[];
    const glue = statements.filter(({ Action }) => String(Action).includes('glue:'));
    expect(glue).toHaveLength(1);
    expect(glue[0]!.Action).toEqual(['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions']);
    const names = glue[0]!.Resource.map((resource) => JSON.stringify(resource).match(/:([\w/]+)"\]/)?.[1]);
    expect(names).toEqual([
      'catalog',
      'database/clickstream_dev_parquet',
      'table/clickstream_dev_parquet/archive',
    ]);
  });

  it('has tables and views by the names, and in the words, of those over the archive', () => {
    const inputs = (database: string) =>
      tables
        .filter(([, { Properties }]) => Properties.DatabaseName === database)
        .map(([, { Properties }]) => Properties.TableInput);
    const [lines, copy] = [inputs('clickstream_dev'), inputs('clickstream_dev_parquet')];
    expect(copy.map(({ Name }) => Name)).toEqual(lines.map(({ Name }) => Name));
    const columns = ({ Name, StorageDescriptor }: Resource['Properties']) =>
      Name === 'errors' ? [] : StorageDescriptor.Columns;
    expect(copy.map(columns)).toEqual(lines.map(columns));
    const [archive] = copy;
    expect(archive.StorageDescriptor.SerdeInfo.SerializationLibrary).toContain('ParquetHiveSerDe');
    expect(archive.Parameters).toMatchObject({ 'projection.enabled': 'true', classification: 'parquet' });
  });

  it('counts what it transforms under a name of its own', () => {
    const [, transformer] = only(parquet, 'AWS::Lambda::Function', 'ParquetTransformer');
    expect(transformer.Properties.Environment.Variables).toMatchObject({ SERVICE: 'parquet-transformer' });
  });

  it('has the alarms of a delivery stream, on metrics that AWS publishes, each with its section and its row', () => {
    const alarms = explainedAlarms(parquet);
    const [functionId] = only(parquet, 'AWS::Lambda::Function', 'ParquetTransformer');
    const named: Record<string, string> = { FunctionName: functionId, DeliveryStreamName: deliveryId };
    expect(alarms).toHaveLength(8);
    for (const { Name, Value } of dimensionsOf(alarms)) expect(Value).toEqual({ Ref: named[Name] });
    // Archive objects that wait for 71 s and records that wait for 17 are no failure.
    expect(alarms.find(({ id }) => id === 'ParquetStale')?.properties.Threshold).toBe(900);
  });

  it('needs the stack whose catalogue has its columns', () => {
    expect(() => buildApp({ parquet: true })).toThrow(
      'parquet: true is not allowed; allowed is false without analytics',
    );
  });
});
