import { healthOf } from '../alarms/deployed-health';
import { readAggregationSettings } from '../cli/aggregation-settings';
import { readLocalPipeline } from '../cli/local-pipeline';
import type { Place } from '../cli/place';
import { pipelineOf, stackName } from '../contract/stack-outputs';
import { retentionDaysOf } from '../domain/counters/retention';
import { type Api, createApi } from '../query/api';
import { connectTable } from '../report/connection';
import { dynamoLogTable } from '../table/log-table';
import { deployedReaders } from './deployed-health';
import { tableExplainer } from './explain';
import { optionsFor } from './place-options';

/** The query API over the table of a pipeline, with the caller's own credentials. */
export interface TableApi {
  readonly api: Api;
  /** What the names of its stacks begin with. */
  readonly pipeline: string;
  close(): Promise<void>;
}

/** @throws SetupError that says what to do, if the table cannot be found */
export async function openTableApi(target: Place): Promise<TableApi> {
  const { place, pipeline, settings } = await find(target);
  const { client, tableName, context, close } = await connectTable(place);
  const api = createApi({
    pipeline,
    place: optionsFor(target),
    settings: { uniqueVisitors: settings.uniqueVisitors, retentionDays: retentionDaysOf(settings) },
    table: dynamoLogTable(client, tableName),
    health:
      target.kind === 'stack'
        ? healthOf(deployedReaders(pipeline, target.access), Date.now)
        : // The laptop's lags and alarms are those of its own dashboard, while it runs.
          async () => ({}),
    now: Date.now,
    explain: tableExplainer(context),
  });
  return { api, pipeline, close };
}

/** The pipeline, and the stack with its table. */
async function find(target: Place) {
  if (target.kind === 'local') {
    const { table, aggregation } = await readLocalPipeline(target.directory);
    // On this machine a resource is named as CloudFormation does it: stack, hyphen, logical id.
    const pipeline = pipelineOf(table.slice(0, Math.max(table.lastIndexOf('-'), 0)));
    return { place: target, pipeline, settings: aggregation };
  }
  const pipeline = pipelineOf(target.name);
  const name = stackName(pipeline, 'aggregation');
  return {
    place: { ...target, name },
    pipeline,
    settings: await readAggregationSettings(name, target.access),
  };
}
