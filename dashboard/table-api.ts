import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { healthOf } from '../alarms/deployed-health';
import { readAggregationSettings } from '../cli/aggregation-settings';
import { endpointsFileName, readLocalPipeline } from '../cli/local-pipeline';
import type { Place } from '../cli/place';
import { pipelineOf, stackName } from '../contract/stack-outputs';
import { retentionDaysOf } from '../domain/counters/retention';
import { type Api, createApi } from '../query/api';
import { connectTable } from '../report/connection';
import { dynamoLogTable, logTable } from '../table/log-table';
import { deployedReaders } from './deployed-health';
import { tableExplainer } from './explain';
import { lendTable } from './lent-table';
import { optionsFor } from './place-options';

/** The query API over the table of a pipeline, with the caller's own credentials. */
export interface TableApi {
  readonly api: Api;
  /** What the names of its stacks begin with. */
  readonly pipeline: string;
  close(): Promise<void>;
}

/** @throws SetupError that says what to do, if the table cannot be found */
export function openTableApi(target: Place): Promise<TableApi> {
  return target.kind === 'stack' ? openDeployed(target) : openLocal(target);
}

async function openDeployed(target: Extract<Place, { kind: 'stack' }>): Promise<TableApi> {
  const pipeline = pipelineOf(target.name);
  const name = stackName(pipeline, 'aggregation');
  const settings = await readAggregationSettings(name, target.access);
  const { client, tableName, context, close } = await connectTable({ ...target, name });
  const api = createApi({
    pipeline,
    place: optionsFor(target),
    settings: { uniqueVisitors: settings.uniqueVisitors, retentionDays: retentionDaysOf(settings) },
    table: dynamoLogTable(client, tableName),
    health: healthOf(deployedReaders(pipeline, target.access), Date.now),
    now: Date.now,
    explain: tableExplainer(context),
  });
  return { api, pipeline, close };
}

/** It follows a pipeline that starts and stops, and holds the files of one that stands still only while it is asked. */
async function openLocal(target: Extract<Place, { kind: 'local' }>): Promise<TableApi> {
  const { directory } = target;
  const lent = lendTable(() => connectTable(target));
  const make = async () => {
    const { table, aggregation } = await readLocalPipeline(directory);
    // On this machine a resource is named as CloudFormation does it: stack, hyphen, logical id.
    const pipeline = pipelineOf(table.slice(0, Math.max(table.lastIndexOf('-'), 0)));
    const api = createApi({
      pipeline,
      place: optionsFor(target),
      settings: {
        uniqueVisitors: aggregation.uniqueVisitors,
        retentionDays: retentionDaysOf(aggregation),
      },
      table: logTable(lent.calls, table),
      // The laptop's lags and alarms are those of its own dashboard, while it runs.
      health: async () => ({}),
      now: Date.now,
      explain: tableExplainer({ target: `table ${table}`, permissions: 'dynamodb:Query on the table' }),
    });
    return { pipeline, api };
  };
  // Written at each start of a pipeline, which may be another one, with a table that is new.
  const startedAt = (): Promise<number> =>
    stat(join(directory, endpointsFileName)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  let known = { startedAt: await startedAt(), ...(await make()) };
  return {
    pipeline: known.pipeline,
    api: async (request) => {
      const latest = await startedAt();
      // Without the file, the table says what is missing.
      if (latest !== known.startedAt && latest > 0)
        known = await make().then(
          (made) => ({ startedAt: latest, ...made }),
          () => known,
        );
      return known.api(request);
    },
    close: lent.close,
  };
}
