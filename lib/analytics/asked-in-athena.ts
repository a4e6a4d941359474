import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import { readQuestions } from '../../analytics/questions';
import { pipelineName } from '../../contract/stack-outputs';
import type { Settings } from '../settings';
import type { ArchiveCatalog } from './archive-catalog';

export interface AskedInAthenaProps {
  readonly settings: Settings;
  readonly catalog: ArchiveCatalog;
}

/** A workgroup whose queries may read so much and no more, with the questions that many have. */
export class AskedInAthena extends Construct {
  readonly workGroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, { settings, catalog }: AskedInAthenaProps) {
    super(scope, id);
    this.workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: pipelineName(settings),
      description: 'Queries of the click archive',
      // Whatever is in it: queries and their answers, which can be asked for again.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        bytesScannedCutoffPerQuery: settings.athenaScanLimitGiB * 1024 ** 3,
        // Athena keeps the answers for a day, encrypted: no bucket of answers to look after. It excludes a location.
        managedQueryResultsConfiguration: { enabled: true },
        publishCloudWatchMetricsEnabled: false,
      },
    });
    for (const { name, about, sql } of readQuestions()) {
      new CfnNamedQuery(this, name, {
        name,
        description: about,
        database: catalog.databaseName,
        queryString: sql,
        workGroup: this.workGroup.ref,
      });
    }
  }
}
