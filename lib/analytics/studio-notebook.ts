import { ArnFormat, Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnApplication, CfnApplicationCloudWatchLoggingOption } from 'aws-cdk-lib/aws-kinesisanalyticsv2';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ClickStream } from '../click-stream';
import { policyOf } from '../role-policy';
import type { Settings } from '../settings';
import type { ArchiveCatalog } from './archive-catalog';

export interface StudioNotebookProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly catalog: ArchiveCatalog;
}

/**
 * A Studio notebook of Managed Service for Apache Flink: SQL over the stream while it flows. It costs by the hour while it
 * runs, and stands still after a deploy until somebody starts it. Nobody has run it yet.
 */
export class StudioNotebook extends Construct {
  constructor(scope: Construct, id: string, { settings, source, catalog }: StudioNotebookProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      // Of this account alone (AWS docs of Managed Service for Apache Flink: Cross-service confused deputy prevention).
      assumedBy: new ServicePrincipal('kinesisanalytics.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    source.grantConsume(role, [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ]);
    // The notebook keeps the tables that are made in it in the catalogue; those of the archive it may not change.
    const table = (name: string): string =>
      stack.formatArn({
        service: 'glue',
        resource: 'table',
        resourceName: `${catalog.databaseName}/${name}`,
      });
    const hive = stack.formatArn({ service: 'glue', resource: 'database', resourceName: 'hive' });
    const glue = [stack.formatArn({ service: 'glue', resource: 'catalog' }), catalog.databaseArn];
    role.addToPrincipalPolicy(
      new PolicyStatement({
        // A notebook also looks for the database `hive` (AWS docs: Create custom IAM policies for Studio notebooks).
        actions: [
          'glue:GetDatabase',
          'glue:GetDatabases',
          'glue:GetTable',
          'glue:GetTables',
          'glue:GetPartitions',
        ],
        resources: [...glue, hive, ...catalog.tableNames.map(table), table('live_*')],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['glue:CreateTable', 'glue:UpdateTable', 'glue:DeleteTable'],
        resources: [...glue, table('live_*')],
      }),
    );

    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/${catalog.databaseName}/live_*]`,
      reason: 'Tables that are made in the notebook have names that begin with live_.',
    });

    const logs = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStream = new LogStream(this, 'LogStream', {
      logGroup: logs,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStreamArn = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${logs.logGroupName}:log-stream:${logStream.logStreamName}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:PutLogEvents', 'logs:DescribeLogStreams'],
        resources: [logStreamArn],
      }),
    );

    const application = new CfnApplication(this, 'Resource', {
      applicationDescription: 'SQL over the click stream while it flows',
      applicationMode: 'INTERACTIVE',
      runtimeEnvironment: 'ZEPPELIN-FLINK-3_0',
      serviceExecutionRole: role.roleArn,
      applicationConfiguration: {
        flinkApplicationConfiguration: {
          parallelismConfiguration: {
            configurationType: 'CUSTOM',
            parallelism: 1,
            parallelismPerKpu: 1,
            autoScalingEnabled: false,
          },
        },
        zeppelinApplicationConfiguration: {
          catalogConfiguration: { glueDataCatalogConfiguration: { databaseArn: catalog.databaseArn } },
          // Made by the API, a notebook has no connectors of its own (AWS docs: Use connectors and dependencies). Studio
          // has Flink 1.15, whose connector is refused before 1.15.2.
          customArtifactsConfiguration: [
            {
              artifactType: 'DEPENDENCY_JAR',
              mavenReference: {
                groupId: 'org.apache.flink',
                artifactId: 'flink-sql-connector-kinesis',
                version: '1.15.4',
              },
            },
          ],
          monitoringConfiguration: { logLevel: 'INFO' },
        },
      },
    });
    application.addResourceDependency(policyOf(role));
    const logging = new CfnApplicationCloudWatchLoggingOption(this, 'Logging', {
      applicationName: application.ref,
      cloudWatchLoggingOption: { logStreamArn },
    });
    logging.addResourceDependency(application);
  }
}
