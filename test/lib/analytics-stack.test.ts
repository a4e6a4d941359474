import { Template } from 'aws-cdk-lib/assertions';
import { views } from '../../analytics/views';
import { archiveColumns, partitionColumns } from '../../domain/archive/columns';
import { buildApp, type Resource, type Template as TemplateJson, templatesOf } from './deployment';
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
