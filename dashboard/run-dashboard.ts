import type { Writable } from 'node:stream';
import { readAggregationSettings } from '../cli/aggregation-settings';
import { readLocalPipeline } from '../cli/local-pipeline';
import type { Place } from '../cli/place';
import { pipelineOf, stackName } from '../contract/stack-outputs';
import { retentionDaysOf } from '../domain/counters/retention';
import { createApi } from '../query/api';
import { connectTable } from '../report/connection';
import { dynamoLogTable } from '../table/log-table';
import { buildPage } from './build';
import type { DashboardTarget } from './command-line';
import { tableExplainer } from './explain';
import { startDashboard } from './serve';

export interface DashboardPorts {
  readonly stdout: Writable;
  /** Aborted: answer what is asked, and end. */
  readonly signal: AbortSignal;
}

/**
 * Serves the dashboard until it is asked to end.
 *
 * @throws SetupError that says what to do, if the table cannot be found
 * @throws Error that names the port, if it cannot be had
 */
export async function runDashboard({ target, port }: DashboardTarget, ports: DashboardPorts): Promise<void> {
  const { place, pipeline, settings } = await find(target);
  const { client, tableName, context, close } = await connectTable(place);
  try {
    const api = createApi({
      pipeline,
      settings: { uniqueVisitors: settings.uniqueVisitors, retentionDays: retentionDaysOf(settings) },
      table: dynamoLogTable(client, tableName),
      health: async () => ({}),
      now: Date.now,
      explain: tableExplainer(context),
    });
    const dashboard = await startDashboard({ port, api, buildPage });
    try {
      ports.stdout.write(`Dashboard of ${pipeline}: ${dashboard.address}\nCtrl-C ends it.\n`);
      await aborted(ports.signal);
    } finally {
      await dashboard.close();
    }
  } finally {
    await close();
  }
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
